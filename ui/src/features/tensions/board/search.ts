import type { MeDTO, TensionKind } from "trm-os-client";
import type { TensionFilters } from "@/data/tensions.ts";

/** What the address says of the page: how it is shown, and what of it. */
export interface TensionSearch {
  view?: "list";
  severity?: 1 | 2 | 3 | 4;
  kind?: TensionKind;
  text?: string;
  mine?: Mine;
}

export type Mine = "owned" | "felt" | "supported";

const KINDS: readonly string[] = ["Problem", "Opportunity", "Risk", "Idea", "Question", "Concern", "Conflict"];
const MINE: readonly string[] = ["owned", "felt", "supported"] satisfies Mine[];
const LONGEST = 200;

/** The search of an address; what is not known is as if it were not there. */
export function searchOf(said: Record<string, unknown>): TensionSearch {
  const severity = Number(said.severity);
  const text = ["string", "number", "boolean"].includes(typeof said.text) ? String(said.text).slice(0, LONGEST) : "";
  return {
    ...(said.view === "list" ? { view: "list" } : {}),
    ...([1, 2, 3, 4].includes(severity) ? { severity: severity as 1 | 2 | 3 | 4 } : {}),
    ...(KINDS.includes(String(said.kind)) ? { kind: said.kind as TensionKind } : {}),
    ...(text.trim() ? { text } : {}),
    ...(MINE.includes(String(said.mine)) ? { mine: said.mine as Mine } : {}),
  };
}

/** What the gateway is asked for; nothing where the reader is nobody yet whose tensions there could be. */
export function filtersOf(search: TensionSearch, me: Pick<MeDTO, "person">): TensionFilters | null {
  const { severity, kind, text, mine } = search;
  const id = me.person?.id;
  if (mine && !id) return null;
  return {
    ...(severity ? { severity } : {}),
    ...(kind ? { kind } : {}),
    ...(text ? { text: text.trim() } : {}),
    ...(mine === "owned" && id ? { ownerId: id } : {}),
    ...(mine === "felt" && id ? { detectorId: id } : {}),
    ...(mine === "supported" ? { supportedByMe: true } : {}),
  };
}

/** Whether less than all is asked for. */
export function isFiltered(search: TensionSearch): boolean {
  const { view: _, ...filters } = searchOf({ ...search });
  return Object.keys(filters).length > 0;
}
