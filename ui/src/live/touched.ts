import type { FeedEventDTO } from "trm-os-client";

/** Tensions of which an event changed something: themselves, or what stands around them. */
export function tensionsIn({ data }: FeedEventDTO): string[] {
  const ends = data.relations.flatMap((relation) => [relation.source, relation.target]);
  const named = [data.subject, ...data.things, ...ends].filter((thing) => thing.label === "Tension");
  return [...new Set(named.map((thing) => thing.id))];
}
