import { TrmProblem } from "trm-os-client";
import { expect, it } from "vitest";
import { attemptFor, isRefused, isStale, Stale, sentence } from "./attempts.ts";

const problem = (status: number, code: string) =>
  new TrmProblem({ status, code, type: "", title: "", detail: "", errors: [], candidates: [] } as never);

it("repeats a write with its key, and gives another write another", () => {
  const first = attemptFor({ title: "a" }, null);
  expect(attemptFor({ title: "a" }, first)).toBe(first);
  expect(attemptFor({ title: "b" }, first).key).not.toBe(first.key);
  expect(attemptFor({ title: "a" }, null).key).not.toBe(first.key);
});

it("tells a refusal from what is not known", () => {
  expect(isRefused(problem(409, "illegalTransition"))).toBe(true);
  expect(isRefused(problem(503, "unavailable"))).toBe(false);
  expect(isRefused(new TypeError("fetch failed"))).toBe(false);
});

it("knows what was changed meanwhile", () => {
  expect(isStale(problem(412, "revisionStale"))).toBe(true);
  expect(isStale(new Stale())).toBe(true);
  expect(isStale(problem(403, "authorNeeded"))).toBe(false);
});

it("makes a sentence of a rule", () => {
  expect(sentence("say what was done: it is kept as knowledge")).toBe("Say what was done: it is kept as knowledge.");
  expect(sentence("It is closed.")).toBe("It is closed.");
});
