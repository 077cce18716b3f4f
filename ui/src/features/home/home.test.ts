import type { FeedEventDTO } from "trm-os-client";
import { expect, it } from "vitest";
import { receiversOf, sentenceOf } from "./sentences.ts";
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

function event(type: string, receivers: (string | null)[] = []): FeedEventDTO {
  const relations = receivers.map((name) => ({ type: "RECEIVED_BY", ended: false, target: { name } }));
  return { type, data: { relations } } as unknown as FeedEventDTO;
}

it("names who was recognised, as far as the reader may know them", () => {
  expect(sentenceOf(event("RECOGNITION_CREATED", ["Bob", null]))).toBe("event.recognised");
  expect(receiversOf(event("RECOGNITION_CREATED", ["Bob", null]))).toEqual(["Bob"]);
  expect(sentenceOf(event("RECOGNITION_CREATED", []))).toBe("event.recognisedSomebody");
});

it("has a sentence for what it does not know", () => {
  expect(sentenceOf(event("SOMETHING_NEW"))).toBe("event.other");
});
