import { Virtualizer } from "@tanstack/react-virtual";
import { expect, it } from "vitest";
import { rowsOf } from "./rows.ts";

const range = (startIndex: number, endIndex: number, count = 2_000) => ({ startIndex, endIndex, overscan: 1, count });

it("keeps the row with the focus", () => {
  expect(rowsOf(range(10, 12), null)).toEqual([9, 10, 11, 12, 13]);
  expect(rowsOf(range(10, 12), 3)).toEqual([3, 9, 10, 11, 12, 13]);
  expect(rowsOf(range(10, 12), 11)).toEqual([9, 10, 11, 12, 13]);
  expect(rowsOf(range(0, 1, 2), 7)).toEqual([0, 1]);
});

it("has few of 2,000 rows in the document", () => {
  const rows = new Virtualizer({
    count: 2_000,
    estimateSize: () => 94,
    overscan: 1,
    initialRect: { width: 288, height: 640 },
    getScrollElement: () => null,
    scrollToFn: () => undefined,
    observeElementRect: () => undefined,
    observeElementOffset: () => undefined,
  });
  const seen = rows.calculateRange() ?? { startIndex: 0, endIndex: -1 };
  expect(rowsOf(range(seen.startIndex, seen.endIndex), 1_500)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 1_500]);
});
