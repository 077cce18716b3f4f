import { keepPreviousData, type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type SuggestionDTO, type TrmClient, unwrap } from "trm-os-client";
import { useServices } from "./api.ts";
import { plain } from "./plain.ts";
import type { ChipKind } from "./recognising.ts";

const PAUSE = 120;
const FRESH = 30_000;
/** So many words may follow a name that was typed out. */
const FOLLOWING = 3;

/** A value once it has not changed for a moment. */
function useSettled<T>(value: T): T {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** Who or what may be meant, and by which part of what was typed: all of it, or its beginning that is a whole name. */
export interface Named {
  items: SuggestionDTO[];
  by: string;
}

/** What was typed and what it begins with, the longest first: `a b c`, `a b`, `a`. */
export function beginningsOf(text: string): string[] {
  const words = text.split(" ");
  const fewest = Math.max(1, words.length - FOLLOWING);
  return Array.from({ length: words.length - fewest + 1 }, (_, less) => words.slice(0, words.length - less).join(" "));
}

/** What something is called by: people also by their handle or address; of other things the detail is a state. */
function namesOf({ label, name, detail }: SuggestionDTO): string[] {
  return (label === "Person" ? [name, detail ?? ""] : [name]).map(plain);
}

/** Whether something is called just so. */
export function isCalled(one: SuggestionDTO, text: string): boolean {
  return namesOf(one).includes(plain(text));
}

/** What was found for an earlier text, as far as it belongs to what stands there now. */
export function stillNamed({ items, by }: Named, text: string): Named {
  const kept = items.filter((one) => namesOf(one).some((name) => name.includes(plain(text))));
  if (kept.length > 0) return { items: kept, by: text };
  const beginning = beginningsOf(text).find((one) => items.some((item) => isCalled(item, one)));
  if (beginning) return { items: items.filter((item) => isCalled(item, beginning)), by: beginning };
  return { items: [], by };
}

/** Looks for all that was typed, then for a whole name that it begins with: typing goes on after a name.
 *
 * An address is looked for by its part before the sign, as names and handles are all that is searched.
 */
export async function namedBy(text: string, ask: (part: string) => Promise<SuggestionDTO[]>): Promise<Named> {
  const [before = "", domain] = text.split("@");
  if (before && domain !== undefined) {
    const found = await ask(before);
    return { items: found.filter((one) => isCalled(one, text) || isCalled(one, before)), by: text };
  }
  for (const part of beginningsOf(text)) {
    const items = await ask(part);
    const called = part === text ? items : items.filter((one) => isCalled(one, part));
    if (called.length > 0) return { items: called, by: part };
  }
  return { items: [], by: text };
}

/** Asks the gateway, and what was asked a moment ago not again. */
function asking(client: TrmClient, queries: QueryClient, kind: ChipKind) {
  return async (text: string) => {
    const asked = { params: { query: { kind, text } } };
    const queryFn = async () => unwrap(await client.GET("/v1/suggestions", asked)).items;
    return queries.fetchQuery({ queryKey: ["names", kind, text], queryFn, staleTime: FRESH });
  };
}

/** Whom or what somebody may mean who typed the beginning of a name; only what belongs to what stands there now. */
export function useSuggestions(kind: ChipKind | undefined, typed: string) {
  const { client } = useServices();
  const queries = useQueryClient();
  const text = typed.trim();
  const settled = useSettled(text);
  const found = useQuery({
    queryKey: ["suggestions", kind, settled],
    queryFn: () => namedBy(settled, asking(client, queries, kind ?? "Person")),
    enabled: kind !== undefined && settled !== "",
    placeholderData: (before, query) => (query?.queryKey[1] === kind ? keepPreviousData(before) : undefined),
  });
  const now = settled === text;
  const known = now && found.data !== undefined && !found.isPlaceholderData;
  const failed = now && !known && (found.failureCount > 0 || found.isError || found.isPaused);
  const named: Named = known ? found.data : stillNamed(found.data ?? { items: [], by: "" }, text);
  return {
    ...(text === "" ? { items: [], by: "" } : named),
    /** What is found for it is not known yet. */
    pending: text !== "" && !known && !failed,
    /** It cannot be known now. */
    failed: text !== "" && failed,
  };
}
