import { describe, expect, it } from "vitest";
import { ConfigError, loadConfig, readConfig } from "./config.ts";

const ORIGIN = "https://trm.example";
const good = {
  issuer: "https://id.example/",
  clientId: "dashboard",
  audience: "https://api.trm.example",
  api: "https://api.trm.example/",
  scopes: ["openid", "r_tension"],
};

function mistakesOf(said: unknown): string[] {
  try {
    readConfig(said, ORIGIN);
  } catch (error) {
    return (error as ConfigError).mistakes;
  }
  return [];
}

const answering =
  (body: string, status = 200) =>
  async () =>
    new Response(body, { status });

describe("settings", () => {
  it("keeps the issuer as it is written, and takes a slash off the API", () => {
    expect(readConfig(good, ORIGIN)).toEqual({ ...good, api: "https://api.trm.example" });
  });

  it("takes where it comes from for the API where none is given", () => {
    expect(readConfig({ ...good, api: undefined, audience: undefined }, ORIGIN)).toMatchObject({
      api: ORIGIN,
      audience: "",
    });
  });

  it("allows http on this machine only", () => {
    expect(mistakesOf({ ...good, issuer: "http://127.0.0.1:9400", api: "http://localhost:8000" })).toEqual([]);
    expect(mistakesOf({ ...good, issuer: "http://id.example" })).toHaveLength(1);
    expect(mistakesOf({ ...good, api: "javascript:alert(1)" })).toHaveLength(1);
    expect(mistakesOf({ ...good, issuer: "http://127.0.0.1.evil.example" })).toHaveLength(1);
  });

  it("tells every mistake at once", () => {
    expect(mistakesOf({ clientId: 7, scopes: ["r_tension"] })).toEqual([
      '"issuer" is missing.',
      '"clientId" is not a text.',
      '"scopes" lacks "openid".',
    ]);
    expect(mistakesOf({ ...good, scopes: "openid" })).toEqual(['"scopes" is not a list of scopes.']);
    expect(mistakesOf([])).toEqual(["It is not an object."]);
  });
});

describe("reading them", () => {
  it("takes what is answered", async () => {
    expect(await loadConfig(ORIGIN, answering(JSON.stringify(good)))).toMatchObject({ clientId: "dashboard" });
  });

  it.each([
    [answering("", 404), "It is answered with status 404."],
    [answering("<!doctype html>"), "It is not JSON."],
    [() => Promise.reject(new TypeError("network")), "It cannot be reached."],
  ])("says why it cannot", async (fetcher, mistake) => {
    await expect(loadConfig(ORIGIN, fetcher)).rejects.toThrow(new ConfigError([mistake]));
  });
});
