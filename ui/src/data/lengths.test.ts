import { expect, it } from "vitest";
import { excessOf, MOST, says } from "./lengths.ts";
import * as recognising from "./recognising.ts";
import * as reports from "./reports.ts";

it("counts letters as they are sent, and those too many", () => {
  expect(excessOf("a".repeat(MOST.text))).toBe(0);
  expect(excessOf(`  ${"a".repeat(MOST.text + 3)}\n`)).toBe(3);
  expect(excessOf("😀".repeat(MOST.title), MOST.title)).toBe(0);
  expect(excessOf("😀".repeat(MOST.title + 1), MOST.title)).toBe(1);
});

it("tells what says something from what nobody sees", () => {
  expect(["a", "ế", "😀"].map(says)).toEqual([true, true, true]);
  expect(["", " \n", "\u200b", "\u202e\u00a0"].map(says)).toEqual([false, false, false, false]);
});

it("sends a report that has a title and fits", () => {
  const whole = (words: Partial<reports.Words>) => reports.isWhole({ ...reports.EMPTY, ...words });
  expect(whole({ title: "The pump is loud" })).toBe(true);
  expect(whole({ title: "\u200b" })).toBe(false);
  expect(whole({ title: "a".repeat(256) })).toBe(false);
  expect(whole({ title: "The pump is loud", need: "a".repeat(10_001) })).toBe(false);
});

it("sends a recognition that fits", () => {
  const chips = [{ kind: "Person", id: "1", name: "Linh" }] as recognising.Chip[];
  const whole = (content: string) => recognising.isWhole({ ...recognising.EMPTY, content, chips });
  expect(whole("a".repeat(10_000))).toBe(true);
  expect(whole("a".repeat(10_001))).toBe(false);
});
