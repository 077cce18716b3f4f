import type { CauseDTO, RelationDTO, RevisionDTO, StateDTO, WhyDTO } from "trm-os-client";
import { expect, it } from "vitest";
import { happeningsIn, happeningsOf } from "./happenings.ts";

const cause = (eventId: string, day: number) =>
  ({ eventId, type: "TENSION_CHANGED", recordedAt: `2026-03-0${day}T08:00:00Z` }) as CauseDTO;
const state = (rev: number, properties: object, more: Partial<StateDTO> = {}) =>
  ({ id: `s${rev}`, rev, properties, removed: [], validFrom: `2026-03-0${rev}T08:00:00Z`, ...more }) as StateDTO;
const relation = (id: string, more: Partial<RelationDTO>) => ({ id, ...more }) as RelationDTO;

const page = {
  recordedBy: [cause("e1", 1), cause("e3", 3)],
  states: [
    state(1, { title: "T", need: "n", updatedAt: "x" }, { madeBy: cause("e1", 1) }),
    state(2, { status: "Accepted" }),
    state(3, { title: "U", updatedAt: "y" }, { madeBy: cause("e3", 3), removed: ["need"] }),
  ],
  relations: [
    relation("a", { madeBy: cause("e1", 1), endedBy: cause("e3", 3) }),
    relation("b", { madeBy: cause("elsewhere", 2) }),
  ],
} as unknown as WhyDTO;

it("tells events the newest first, each with what it changed, made and ended", () => {
  const [newest, hidden, first, ...more] = happeningsOf(page);
  expect(more).toEqual([]);
  expect(newest?.changes).toEqual([
    { name: "title", before: "T", after: "U" },
    { name: "need", before: "n" },
  ]);
  expect(newest?.ended).toEqual([page.relations[0]]);
  expect(hidden).toMatchObject({ cause: null, rev: 2, changes: [{ name: "status", after: "Accepted" }] });
  expect(first).toMatchObject({ id: "e1", first: true, made: [{ id: "a" }] });
});

it("tells an event that set nothing, too", () => {
  const told = happeningsOf({ ...page, states: [], relations: [] });
  expect(told.map(({ id, rev }) => [id, rev])).toEqual([
    ["e3", null],
    ["e1", null],
  ]);
});

it("reads a history, of which the earliest may be missing", () => {
  const revisions = [state(3, { title: "U" }), state(2, { title: "T" })] as unknown as RevisionDTO[];
  expect(happeningsIn(revisions).map(({ changes }) => changes)).toEqual([
    [{ name: "title", before: "T", after: "U" }],
    [{ name: "title", before: undefined, after: "T" }],
  ]);
});
