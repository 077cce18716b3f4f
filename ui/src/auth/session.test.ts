import type { User } from "oidc-client-ts";
import { expect, it, vi } from "vitest";
import { localPath, type Manager, Session } from "./session.ts";

function user(access_token: string, expires_in: number, state?: unknown): User {
  return {
    access_token,
    refresh_token: "r",
    expires_in,
    state,
    profile: { sub: "u", name: "Linh" },
  } as unknown as User;
}

function session(manager: Partial<Manager>): Session {
  const none = async () => undefined;
  return new Session({
    getUser: async () => null,
    removeUser: none,
    signinRedirect: none,
    signinSilent: async () => null,
    signoutRedirect: none,
    signinCallback: none,
    ...manager,
  });
}

const home = new URL("https://trm.example/decisions");
const callback = new URL("https://trm.example/callback?code=1&state=2");

it("gives the token as long as it holds", async () => {
  const one = session({ getUser: async () => user("good", 300) });
  expect(await one.begin(home)).toBeNull();
  expect(one.state).toEqual({ is: "in", name: "Linh" });
  expect(await one.token()).toBe("good");
});

it("renews one that ends soon, once for all who ask", async () => {
  const signinSilent = vi.fn(async () => user("new", 900));
  const one = session({ getUser: async () => user("old", 5), signinSilent });
  expect(await Promise.all([one.token(), one.token(), one.token()])).toEqual(["new", "new", "new"]);
  expect(signinSilent).toHaveBeenCalledTimes(1);
});

it.each([
  ["invalid_grant", { is: "out", ended: true }],
  ["temporarily_unavailable", { is: "in", name: "Linh" }],
  [undefined, { is: "in", name: "Linh" }],
])("ends when the issuer refuses, and goes on when it is only away: %s", async (code, state) => {
  const failure = Object.assign(new Error("failed"), code ? { error: code } : {});
  const one = session({ getUser: async () => user("old", -1), signinSilent: () => Promise.reject(failure) });
  await one.begin(home);
  expect(one.state).toEqual(state);
  await expect(one.token()).rejects.toThrow();
});

it("ends where there is nothing to renew with", async () => {
  const signinSilent = vi.fn();
  const one = session({
    getUser: async () => ({ ...user("old", -1), refresh_token: undefined }) as User,
    signinSilent,
  });
  await one.begin(home);
  expect(one.state).toEqual({ is: "out", ended: true });
  expect(signinSilent).not.toHaveBeenCalled();
});

it("goes on where somebody was before signing in", async () => {
  const one = session({ signinCallback: async () => user("good", 300, { returnTo: "/decisions?a=1" }) });
  expect(await one.begin(callback)).toBe("/decisions?a=1");
  expect(one.state.is).toBe("in");
});

it.each([
  [Object.assign(new Error("The user said no"), { error: "access_denied" }), "refused"],
  [Object.assign(new Error("away"), { error: "temporarily_unavailable" }), "interrupted"],
  [new Error("No matching state found in storage"), "interrupted"],
])("says why signing in failed, without a library's words: %s", async (error, failure) => {
  const one = session({ signinCallback: () => Promise.reject(error) });
  expect(await one.begin(callback)).toBe("/");
  expect(one.state).toEqual({ is: "out", ended: false, failure });
});

it("says that the issuer is not reached", async () => {
  const one = session({ signinRedirect: () => Promise.reject(new TypeError("Failed to fetch")) });
  await one.signIn("/");
  expect(one.state).toEqual({ is: "out", ended: false, failure: "unreachable" });
});

it("tells listeners, and signs out also where the issuer has no page for that", async () => {
  const one = session({
    getUser: async () => user("good", 300),
    signoutRedirect: () => Promise.reject(new Error("none")),
  });
  await one.begin(home);
  const told = vi.fn();
  one.subscribe(told);
  await one.signOut();
  expect(one.state).toEqual({ is: "out", ended: false });
  expect(told).toHaveBeenCalled();
});

it.each([["https://evil.example"], ["//evil.example"], ["/\\evil.example"], ["/callback?code=1"], [undefined]])(
  "never leads to %s",
  (wanted) => expect(localPath(wanted)).toBe("/"),
);
