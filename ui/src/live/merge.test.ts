import type { FeedEventDTO } from "trm-os-client";
import { expect, it } from "vitest";
import { lineAt, merged, notYetIn } from "./merge.ts";

const event = (id: string, minute: number) =>
  ({ id, data: { recordedAt: `2026-03-10T08:${String(minute).padStart(2, "0")}:00Z` } }) as FeedEventDTO;
const ids = (events: FeedEventDTO[]) => events.map((one) => one.id).join("");

it("tells each event once, the newest first", () => {
  const live = [event("d", 4), event("e", 5)];
  const pages = [event("d", 4), event("c", 3), event("b", 2), event("b", 2), event("a", 1)];
  expect(ids(merged(live, pages))).toBe("edcba");
  expect(ids(merged(pages, live, pages))).toBe("edcba");
});

it("has one order for what was recorded at once", () => {
  expect(ids(merged([event("a", 1), event("b", 1)]))).toBe(ids(merged([event("b", 1), event("a", 1)])));
});

it("keeps what happened since the pages were read", () => {
  const events = [event("a", 1), event("b", 2), event("c", 3), event("d", 4)];
  expect(ids(notYetIn([event("c", 3), event("b", 2)], events))).toBe("cd");
  expect(ids(notYetIn([], events))).toBe("abcd");
});

it("draws a line between what is new and what was seen", () => {
  const events = merged([event("a", 1), event("b", 2), event("c", 3)]);
  const at = (minute: number) => new Date(Date.parse("2026-03-10T08:00:00Z") + minute * 60_000);
  expect(lineAt(events, at(2))).toBe(1);
  expect(lineAt(events, at(9))).toBeNull(); // nothing is new
  expect(lineAt(events, at(0))).toBeNull(); // everything is
  expect(lineAt(events, null)).toBeNull();
});
