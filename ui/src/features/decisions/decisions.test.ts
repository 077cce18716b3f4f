import type { DecisionDTO, MeDTO } from "trm-os-client";
import { expect, it } from "vitest";
import { decisionFilter } from "@/data/decisions.ts";
import { type Draft, kept } from "./drafts.ts";
import { figuresOf, spelled } from "./figures.ts";
import { nextAfter, stepped } from "./order.ts";
import { standingTo } from "./standing.ts";

it("goes on to what follows, at the end to what stands before", () => {
  expect(nextAfter(["a", "b", "c"], "b")).toBe("c");
  expect(nextAfter(["a", "b", "c"], "c")).toBe("b");
  expect(nextAfter(["a"], "a")).toBeNull();
  expect(nextAfter([], "a")).toBeNull();
  expect(nextAfter(["b"], "a")).toBe("b");
});

it("moves within the list", () => {
  expect(stepped(3, -1, 1)).toBe(0);
  expect(stepped(3, 0, 1)).toBe(1);
  expect(stepped(3, 2, 1)).toBe(2);
  expect(stepped(3, 0, -1)).toBe(0);
});

it("takes a filter from the address that it knows", () => {
  expect(decisionFilter({ kind: "PersonMerge" })).toEqual({ kind: "PersonMerge" });
  expect(decisionFilter({ kind: "Nonsense" })).toEqual({});
});

const me = { person: { id: "p1" }, also: ["p0"] } as unknown as MeDTO;
const pending = { status: "Pending", proposedBy: { id: "p2" }, deadline: "2026-03-10T08:00:00Z" } as DecisionDTO;
const before = new Date("2026-03-09T08:00:00Z");

it("offers a form to whoever may decide, in time, and to nobody else", () => {
  expect(standingTo(pending, me, true, true, before)).toBe("may");
  expect(standingTo(pending, me, false, true, before)).toBe("noScope");
  expect(standingTo(pending, me, true, false, before)).toBe("notAsked");
  expect(standingTo({ ...pending, proposedBy: { id: "p0", fullName: "I" } }, me, true, false, before)).toBe("own");
  expect(standingTo(pending, me, true, true, new Date("2026-03-10T08:00:00Z"))).toBe("late");
  expect(standingTo({ ...pending, status: "Approved" }, me, true, true, before)).toBe("decided");
});

it("shows every figure that is proposed", () => {
  const comparison = {
    texts: 40,
    kappa: { before: 0.4, after: 0.5, low: 0.02, high: 0.2 },
    objections: ["MaybeWorse"],
  };
  expect(figuresOf({ against: "m1", severity: 3, reason: null, comparison }, ["severity"])).toEqual([
    { path: "against", is: "text", value: "m1" },
    { path: "comparison.texts", is: "number", value: 40 },
    { path: "comparison.kappa", is: "change", before: 0.4, after: 0.5, low: 0.02, high: 0.2 },
    { path: "comparison.objections", is: "list", values: ["MaybeWorse"] },
  ]);
  expect(spelled("comparison.calibrationBefore")).toBe("Calibration before");
});

it("keeps what was typed, and takes nothing else for it", () => {
  const first: Draft = { outcome: null, values: {}, reason: "", attempt: null };
  const typed: Draft = { outcome: "Reject", values: {}, reason: "no", attempt: { key: "k", of: "{}" } };
  expect(kept(JSON.stringify(typed), first)).toEqual(typed);
  for (const stored of [null, "{", "7", "{}"]) expect(kept(stored, first)).toBe(first);
});
