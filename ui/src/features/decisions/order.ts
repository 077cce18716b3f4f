/** What comes after one that leaves the list: the next, at the end the one before, null where none is left. */
export function nextAfter(ids: readonly string[], id: string): string | null {
  const place = ids.indexOf(id);
  if (place < 0) return ids[0] ?? null;
  return ids[place + 1] ?? ids[place - 1] ?? null;
}

/** The place one step on, within the list; from nowhere to its beginning. */
export function stepped(count: number, place: number, step: 1 | -1): number {
  if (place < 0) return 0;
  return Math.max(0, Math.min(count - 1, place + step));
}
