import type { CauseDTO, NodeBriefDTO, StateDTO, WhyDTO } from "trm-os-client";
import { namesOf } from "@/ui/things/facts.ts";

/** What a revision did to one property; nothing after it where it was taken away. */
export interface Change {
  name: string;
  before?: unknown;
  after?: unknown;
}

/** A relation that an event made or ended; it leaves the thing itself where no source is told. */
export interface Related {
  type: string;
  source?: NodeBriefDTO;
  target: NodeBriefDTO;
}

/** What an event did with a thing. */
export interface Happening {
  id: string;
  at: string;
  /** Absent where the reader may not see it. */
  cause: CauseDTO | null;
  rev: number | null;
  /** Whether the thing began with it. */
  first: boolean;
  changes: Change[];
  made: Related[];
  ended: Related[];
}

type Revision = StateDTO & { made?: Related[]; ended?: Related[] };

/** Told by every revision, so that it tells nothing. */
const ALWAYS = new Set(["updatedAt", "createdAt"]);

/** What happened to a thing, the newest first: each of its events with what that changed, made and ended. */
export function happeningsOf({ recordedBy, states, relations }: WhyDTO): Happening[] {
  const found = new Map<string, Happening>();
  for (const cause of recordedBy) found.set(cause.eventId, begun(cause.eventId, cause.recordedAt, cause));
  const changed = changesOf(states);
  for (const state of states) {
    const id = state.madeBy?.eventId ?? state.id;
    const one = found.get(id) ?? begun(id, state.madeBy?.recordedAt ?? state.validFrom, state.madeBy ?? null);
    found.set(id, { ...one, rev: state.rev, first: state.rev === 1, changes: changed.get(state.id) ?? [] });
  }
  for (const relation of relations) {
    found.get(relation.madeBy?.eventId ?? "")?.made.push(relation);
    found.get(relation.endedBy?.eventId ?? "")?.ended.push(relation);
  }
  return [...found.values()].sort(newestFirst);
}

/** The same of a history, as far as it is read. */
export function happeningsIn(revisions: readonly Revision[]): Happening[] {
  const changed = changesOf(revisions);
  return revisions.map((one) => ({
    ...begun(one.id, one.madeBy?.recordedAt ?? one.validFrom, one.madeBy ?? null),
    rev: one.rev,
    first: one.rev === 1,
    changes: changed.get(one.id) ?? [],
    made: one.made ?? [],
    ended: one.ended ?? [],
  }));
}

function begun(id: string, at: string, cause: CauseDTO | null): Happening {
  return { id, at, cause, rev: null, first: false, changes: [], made: [], ended: [] };
}

function newestFirst(a: Happening, b: Happening): number {
  return Date.parse(b.at) - Date.parse(a.at) || (b.rev ?? 0) - (a.rev ?? 0);
}

/** What each revision changed, by its id. */
function changesOf(states: readonly Revision[]): Map<string, Change[]> {
  const known: Record<string, unknown> = {};
  const found = new Map<string, Change[]>();
  for (const { id, properties, removed } of [...states].sort((a, b) => a.rev - b.rev)) {
    const set = namesOf(properties).map((name) => ({ name, before: known[name], after: properties[name] }));
    const gone = removed.map((name) => ({ name, before: known[name] }));
    found.set(
      id,
      [...set, ...gone].filter(({ name }) => !ALWAYS.has(name)),
    );
    Object.assign(known, properties);
    for (const name of removed) delete known[name];
  }
  return found;
}
