import type { MeDTO, SuggestionDTO } from "trm-os-client";
import { isMe } from "@/data/mine.ts";
import type { Chip, ChipKind } from "@/data/recognising.ts";
import { useSuggestions } from "@/data/suggestions.ts";
import type { Mention } from "./mention.ts";

/** What can be chosen: the chip it becomes, and what then stands in the text. */
export interface Offer extends Chip {
  insert: string;
  detail?: string | null;
}

const ADDRESS = /^[^@\s]+@[^@\s]+\.[^@\s]+$/u;

/** What is offered for a name that is typed: who and what is known, and somebody or something new. */
export function offersOf(kind: ChipKind, typed: string, known: readonly SuggestionDTO[]): Offer[] {
  const text = typed.trim();
  const offers: Offer[] = known.map(({ id, name, detail }) => ({
    kind,
    id,
    name,
    detail,
    // A title would stand in the way of what is said.
    insert: kind === "Tension" ? "" : name,
  }));
  const taken = known.some(({ name }) => name.toLocaleLowerCase() === text.toLocaleLowerCase());
  if (kind === "Person" && ADDRESS.test(text)) offers.push({ kind, name: text, insert: text });
  if (kind === "Project" && text && !taken) offers.push({ kind, name: text, insert: text });
  return offers;
}

/** What is offered; nobody recognises themselves. */
export function useOffers(mention: Mention | null, me: MeDTO): { offers: Offer[]; pending: boolean } {
  const found = useSuggestions(mention?.kind, mention?.text ?? "");
  if (!mention) return { offers: [], pending: false };
  return {
    offers: offersOf(
      mention.kind,
      mention.text,
      (found.data?.items ?? []).filter(({ id }) => !isMe(me, id)),
    ),
    pending: found.isFetching,
  };
}
