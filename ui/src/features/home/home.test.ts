import { expect, it } from "vitest";
import { visitAt } from "./visits.ts";

const MINUTE = 60_000;
const now = Date.parse("2026-03-10T08:00:00Z");

it("remembers when the last visit ended, over a reload", () => {
  const first = visitAt(now, null);
  expect(first.before).toBeNull();
  const next = visitAt(now + 120 * MINUTE, JSON.stringify(first));
  expect(next.before).toBe(now);
  expect(visitAt(now + 121 * MINUTE, JSON.stringify(next)).before).toBe(now);
});

it("begins anew where what was stored is not its own", () => {
  for (const stored of ["{", "7", '{"seen": "x"}', "null"])
    expect(visitAt(now, stored)).toEqual({ before: null, seen: now });
});
