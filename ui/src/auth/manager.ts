import { UserManager, WebStorageStateStore } from "oidc-client-ts";
import type { Config } from "@/config/config.ts";

/**
 * The OIDC client: authorisation code with PKCE. The session renews its token, nobody else: a refresh token that
 * rotates may be used once.
 */
export function managerOf(config: Config, origin: string): UserManager {
  const store = () => new WebStorageStateStore({ prefix: "trm.oidc.", store: sessionStorage });
  return new UserManager({
    authority: config.issuer,
    client_id: config.clientId,
    scope: config.scopes.join(" "),
    redirect_uri: `${origin}/callback`,
    post_logout_redirect_uri: `${origin}/`,
    response_type: "code",
    extraQueryParams: config.audience ? { audience: config.audience } : {},
    userStore: store(),
    stateStore: store(),
    automaticSilentRenew: false,
    monitorSession: false,
    loadUserInfo: false,
  });
}
