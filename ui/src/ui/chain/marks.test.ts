import type { ChainItemDTO } from "trm-os-client";
import { expect, it } from "vitest";
import { hasMore, markedOf, shapeOf, stationWord } from "./marks.ts";

const item = (id: string, more: Partial<ChainItemDTO> = {}): ChainItemDTO => ({ id, label: "Project", ...more });

it("marks the first few of which something is known", () => {
  const items = [
    item("a"),
    item("b", { status: "Active" }),
    item("c", { severity: 3 }),
    item("d", { status: "Failed" }),
  ];
  expect(markedOf({ items }).map(({ id }) => id)).toEqual(["b", "c", "d"]);
  expect(markedOf({ items: Array.from({ length: 9 }, (_, at) => item(`${at}`, { status: "Active" })) })).toHaveLength(
    3,
  );
});

it("has a shape for every state, also for one it does not know", () => {
  expect([shapeOf("Open"), shapeOf("Active"), shapeOf("Published"), shapeOf("Rejected"), shapeOf("New")]).toEqual([
    "□",
    "◧",
    "■",
    "–",
    "–",
  ]);
});

it("tells whether its list is all", () => {
  const station = { label: "Project", here: false, more: false, items: [item("a")] };
  expect(hasMore({ ...station, count: 1 })).toBe(false);
  expect(hasMore({ ...station, count: 2 })).toBe(true);
  expect(hasMore({ ...station, count: 1, more: true })).toBe(true);
  expect(stationWord("Recognition")).toBe("thing.recognitions");
});
