import { expect, it } from "vitest";
import { mayPass } from "./api.ts";
import { isRefused } from "./attempts.ts";
import { isLate, limited } from "./limits.ts";

/** A gateway that never answers. */
const hangs = (_: Request, init?: RequestInit) =>
  new Promise<Response>((_, fail) => init?.signal?.addEventListener("abort", () => fail(init.signal?.reason)));
const HOUR = 3_600_000;

it.each([
  ["GET", { read: 1, write: HOUR }],
  ["POST", { read: HOUR, write: 1 }],
])("takes a gateway that hangs for one that is not reached: %s", async (method, limits) => {
  const error = await limited(hangs, limits)(new Request("https://trm.example", { method })).catch((one) => one);
  expect(isLate(error)).toBe(true);
  expect(mayPass(error)).toBe(true);
  expect(isRefused(error)).toBe(false); // the write may have taken place: its key is kept
});

it("still ends when whoever asked no longer wants it", async () => {
  const asking = new AbortController();
  const asked = limited(hangs)(new Request("https://trm.example", { signal: asking.signal }));
  asking.abort();
  const error = await asked.catch((one) => one);
  expect(error.name).toBe("AbortError");
  expect(isLate(error)).toBe(false);
});
