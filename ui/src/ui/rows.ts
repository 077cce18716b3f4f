import { defaultRangeExtractor, type Range } from "@tanstack/react-virtual";

/** Rows that are in the document: those that are seen, and the one that has the focus. */
export function rowsOf(range: Range, focused: number | null): number[] {
  const seen = defaultRangeExtractor(range);
  if (focused === null || focused >= range.count || seen.includes(focused)) return seen;
  return [...seen, focused].sort((a, b) => a - b);
}
