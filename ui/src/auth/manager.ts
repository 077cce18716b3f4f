import type { UserManager } from "oidc-client-ts";
import type { Config } from "@/config/config.ts";
import { LIMITS } from "@/data/limits.ts";
import type { Manager } from "./session.ts";

const PREFIX = "trm.oidc.";

/** Whether this tab has a session, or comes back from the issuer with one. */
export function returns(address: URL): boolean {
  return (
    address.pathname === "/callback" || Object.keys(sessionStorage).some((key) => key.startsWith(`${PREFIX}user:`))
  );
}

/**
 * The OIDC client: authorisation code with PKCE. The session renews its token, nobody else: a refresh token that
 * rotates may be used once. Its code is fetched when there is something for it to do.
 */
export function managerOf(config: Config, address: URL): Manager {
  let made: Promise<UserManager> | undefined;
  const manager = async () => {
    made ??= make(config, address.origin);
    return made.catch((error: unknown) => {
      made = undefined;
      throw error;
    });
  };
  if (returns(address)) void manager().catch(() => undefined);
  return {
    getUser: async () => (returns(address) || made ? (await manager()).getUser() : null),
    removeUser: async () => (await manager()).removeUser(),
    signinCallback: async (url) => (await manager()).signinCallback(url),
    signinRedirect: async (asked) => (await manager()).signinRedirect(asked),
    signinSilent: async () => (await manager()).signinSilent(),
    signoutRedirect: async () => (await manager()).signoutRedirect(),
  };
}

async function make(config: Config, origin: string): Promise<UserManager> {
  const { UserManager, WebStorageStateStore } = await import("oidc-client-ts");
  const store = () => new WebStorageStateStore({ prefix: PREFIX, store: sessionStorage });
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
    requestTimeoutInSeconds: LIMITS.read / 1_000,
  });
}
