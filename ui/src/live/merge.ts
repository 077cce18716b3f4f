import type { FeedEventDTO } from "trm-os-client";

/** Pages and live events as one list, the newest first, each event once. */
export function merged(...lists: readonly (readonly FeedEventDTO[])[]): FeedEventDTO[] {
  const known = new Map<string, FeedEventDTO>();
  for (const event of lists.flat()) if (!known.has(event.id)) known.set(event.id, event);
  return [...known.values()].sort(newestFirst);
}

function newestFirst(a: FeedEventDTO, b: FeedEventDTO): number {
  return Date.parse(b.data.recordedAt) - Date.parse(a.data.recordedAt) || b.id.localeCompare(a.id);
}

/** Live events that pages, read anew from the newest on, do not have yet. */
export function notYetIn(pages: readonly FeedEventDTO[], events: readonly FeedEventDTO[]): FeedEventDTO[] {
  const newest = Math.max(...pages.map((event) => Date.parse(event.data.recordedAt)));
  return events.filter((event) => Date.parse(event.data.recordedAt) >= newest);
}

/** Place of the first event that was recorded before a moment, if the list has newer ones too: a line stands above it. */
export function lineAt(events: readonly FeedEventDTO[], since: Date | null): number | null {
  if (!since) return null;
  const place = events.findIndex((event) => Date.parse(event.data.recordedAt) <= since.getTime());
  return place > 0 ? place : null;
}
