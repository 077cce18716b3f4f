import type { User, UserManager } from "oidc-client-ts";

/** Why signing in did not work: the issuer or the person said no, it broke off, or the issuer was not reached. */
export type Failure = "refused" | "interrupted" | "unreachable";

export type SessionState = { is: "out"; ended: boolean; failure?: Failure } | { is: "in"; name: string };

/** The part of the OIDC client that a session needs. */
export type Manager = Pick<
  UserManager,
  "getUser" | "removeUser" | "signinRedirect" | "signinSilent" | "signoutRedirect"
> & {
  signinCallback: (url?: string) => Promise<User | undefined>;
};

const SOON_SECONDS = 30;

/** Who is signed in, and a token that is valid now. Tokens stand in memory and in the tab's session storage only. */
export class Session {
  #state: SessionState = { is: "out", ended: false };
  #renewing: Promise<User | null> | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #manager: Manager;

  constructor(manager: Manager) {
    this.#manager = manager;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Called on each change; gives how to stop that. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Take up the session of this tab, or the issuer's answer. Gives where to go on, if elsewhere. */
  async begin(address: URL): Promise<string | null> {
    if (address.pathname === "/callback") return this.#answered(address);
    const user = await this.#manager.getUser().catch(() => null);
    if (user) {
      this.#signedIn(user);
      await this.token().catch(() => undefined);
    }
    return null;
  }

  async signIn(returnTo: string): Promise<void> {
    try {
      await this.#manager.signinRedirect({ state: { returnTo } });
    } catch (error) {
      this.#set({ is: "out", ended: false, failure: isRefusal(error) ? "refused" : "unreachable" });
    }
  }

  /** End the session here and, where the issuer has a page for that, there. */
  async signOut(): Promise<void> {
    try {
      await this.#manager.signoutRedirect();
    } catch {
      await this.#manager.removeUser();
      this.#set({ is: "out", ended: false });
    }
  }

  /** The session cannot be gone on with: the issuer or the gateway said so. */
  async end(): Promise<void> {
    await this.#manager.removeUser();
    this.#set({ is: "out", ended: true });
  }

  /** An access token that is valid for a while; renewed once however many ask.
   *
   * @throws Error nobody is signed in, or the issuer cannot be reached
   */
  async token(): Promise<string> {
    const user = await this.#manager.getUser();
    if (user && (user.expires_in ?? Number.POSITIVE_INFINITY) > SOON_SECONDS) return user.access_token;
    if (!user) {
      await this.end();
      throw new Error("Nobody is signed in.");
    }
    this.#renewing ??= this.#renewed(user).finally(() => {
      this.#renewing = null;
    });
    const renewed = await this.#renewing;
    if (!renewed) throw new Error("The session has ended.");
    return renewed.access_token;
  }

  async #renewed(before: User): Promise<User | null> {
    try {
      const user = before.refresh_token ? await this.#manager.signinSilent() : null;
      if (user) return user;
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
    await this.end();
    return null;
  }

  async #answered(address: URL): Promise<string> {
    try {
      const user = await this.#manager.signinCallback(address.href);
      if (user) this.#signedIn(user);
      return localPath((user?.state as { returnTo?: unknown } | undefined)?.returnTo);
    } catch (error) {
      this.#set({ is: "out", ended: false, failure: isRefusal(error) ? "refused" : "interrupted" });
      return "/";
    }
  }

  #signedIn(user: User): void {
    this.#set({ is: "in", name: user.profile.name ?? user.profile.email ?? user.profile.sub });
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** A path of ours, never another site. */
export function localPath(wanted: unknown): string {
  if (typeof wanted !== "string" || !/^\/(?![/\\])/.test(wanted)) return "/";
  return wanted.startsWith("/callback") ? "/" : wanted;
}

/** The issuer itself said no (RFC 6749); whatever else fails leaves open whether the session holds. */
function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && "error" in error ? error.error : null;
  return typeof code === "string" && !["temporarily_unavailable", "server_error"].includes(code);
}
