import type { ChainDTO, FeedEventDTO } from "trm-os-client";
import { chainKey } from "@/data/chain.ts";
import { recognitionKey } from "@/data/recognitions.ts";
import { whyKey } from "@/data/why.ts";

/** Tensions of which an event changed something: themselves, or what stands around them. */
export function tensionsIn(event: FeedEventDTO): string[] {
  const named = namedIn(event).filter((thing) => thing.label === "Tension");
  return [...new Set(named.map((thing) => thing.id))];
}

/** Ids of everything that an event changed something of. */
export function thingsIn(event: FeedEventDTO): Set<string> {
  return new Set(namedIn(event).map((thing) => thing.id));
}

function namedIn({ data }: FeedEventDTO): { label: string; id: string }[] {
  const ends = data.relations.flatMap((relation) => [relation.source, relation.target]);
  return [data.subject, ...data.things, ...ends];
}

/** Whether what a query knows may have changed with some things: what it is about, or what stands in its chain. */
export function isTouched(key: readonly unknown[], data: unknown, things: ReadonlySet<string>): boolean {
  const [kind, ...about] = key;
  if (kind === whyKey || kind === recognitionKey) return about.some((one) => things.has(String(one)));
  if (kind !== chainKey) return false;
  if (things.has(String(about[0]))) return true;
  if (data === undefined) return true; // it is on its way: what stands in it is not known yet
  return (data as ChainDTO).stations.some((station) => station.items.some((item) => things.has(item.id)));
}
