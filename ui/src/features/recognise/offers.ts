import type { MeDTO, SuggestionDTO } from "trm-os-client";
import { isMe } from "@/data/mine.ts";
import { plain } from "@/data/plain.ts";
import type { Chip, ChipKind } from "@/data/recognising.ts";
import { useSuggestions } from "@/data/suggestions.ts";
import type { Mention } from "./mention.ts";

/** What can be chosen: the chip it becomes, what then stands in the text, and in the place of what. */
export interface Offer extends Chip {
  insert: string;
  instead: string;
  detail?: string | null;
}

const ADDRESS = /^[^@\s]+@[^@\s]+\.[^@\s]+$/u;

type Named = { items: readonly SuggestionDTO[]; by: string };

/** What is offered for a name that is typed: who and what is known, an address, and a project that is new. */
export function offersOf(kind: ChipKind, typed: string, { items, by }: Named, own?: string | null): Offer[] {
  const text = typed.trim();
  const offers: Offer[] = items.map(({ id, name, detail }) => ({
    kind,
    id,
    name,
    detail,
    // A title would stand in the way of what is said.
    insert: kind === "Tension" ? "" : name,
    instead: by,
  }));
  const called = (one: string | null | undefined) => plain(one ?? "") === plain(text);
  const fresh: Offer = { kind, name: text, insert: text, instead: text };
  // An address leads to who has it, known or not; a handle alone may be somebody else's.
  if (kind === "Person" && ADDRESS.test(text) && !called(own) && !items.some(({ detail }) => called(detail))) {
    offers.unshift(fresh);
  }
  if (kind === "Project" && text && !items.some(({ name }) => called(name))) offers.push(fresh);
  return offers;
}

/** What Enter takes before anything was pointed at: a project that is new has to be chosen. */
export function firstOf(offers: readonly Offer[]): Offer | undefined {
  return offers.find(({ kind, id }) => id !== undefined || kind === "Person");
}

/** What tells an offer from the others. */
export function keyOf({ id, name }: Offer): string {
  return id ?? `new ${name}`;
}

/** The offer a step further, from the last to the first. */
export function besides(offers: readonly Offer[], chosen: Offer | undefined, step: 1 | -1): Offer | undefined {
  const here = chosen ? offers.indexOf(chosen) : step > 0 ? -1 : 0;
  return offers[(here + step + offers.length) % offers.length];
}

/** What is offered; nobody recognises themselves. */
export function useOffers(mention: Mention | null, me: MeDTO) {
  const { items, by, pending, failed } = useSuggestions(mention?.kind, mention?.text ?? "");
  if (!mention) return { offers: [], pending: false, failed: false };
  const others = items.filter(({ id }) => !isMe(me, id));
  return { offers: offersOf(mention.kind, mention.text, { items: others, by }, me.email), pending, failed };
}
