import type { ChainItemDTO, StationDTO } from "trm-os-client";
import type { MessageKey } from "@/messages/catalogue.ts";

const STATIONS: Record<string, MessageKey | undefined> = {
  Tension: "thing.Tension",
  Project: "thing.Project",
  WIN: "thing.WIN",
  Recognition: "thing.recognitions",
  KnowledgeSnippet: "thing.KnowledgeSnippet",
};

/** What a station is called; null where it is not known here. */
export function stationWord(label: string): MessageKey | null {
  return STATIONS[label] ?? null;
}

const SHAPES: Record<string, readonly string[]> = {
  "□": ["Open", "Proposed", "Proposal", "Planning", "Draft", "UnderReview", "OnHold", "Pending"],
  "◧": ["Accepted", "InProgress", "Active"],
  "■": ["Resolved", "Closed", "Granted", "Recorded", "Completed", "Done", "Published", "Approved"],
};

/** A state as a shape: waits, goes on, is done; a line is for what ended otherwise. Severity has circles. */
export function shapeOf(status: string): string {
  return Object.keys(SHAPES).find((shape) => SHAPES[shape]?.includes(status)) ?? "–";
}

const MARKED = 3;

/** Things of a station that stand on the ribbon itself as marks: the thing itself, or the newest few. */
export function markedOf({ items }: Pick<StationDTO, "items">): ChainItemDTO[] {
  return items.filter((item) => item.status || item.severity).slice(0, MARKED);
}

/** Whether a station has things beside those in its list. */
export function hasMore({ items, count, more }: StationDTO): boolean {
  return more || count > items.length;
}
