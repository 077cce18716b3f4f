import { expect, it } from "vitest";
import { Drafts, draftOf } from "./drafts.ts";
import { bodyOf, EMPTY, isEmpty, REPORT } from "./reports.ts";

function store() {
  const kept = new Map<string, string>();
  return {
    kept,
    get length() {
      return kept.size;
    },
    key: (place: number) => [...kept.keys()][place] ?? null,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

const words = { ...EMPTY, title: "The pump is too loud" };
const attempt = { key: "k", of: "{}" };

it("keeps what was typed for its reader alone", () => {
  const place = store();
  new Drafts(REPORT, "a", place).keep({ words, attempt });
  expect(new Drafts(REPORT, "a", place).read()).toEqual({ words, attempt });
  expect(isEmpty(new Drafts(REPORT, "b", place).read().words)).toBe(true);
});

it("gives an empty draft for what it cannot read", () => {
  for (const stored of [null, "{", "7", "null", '{"words": {"title": 7, "other": "x"}, "attempt": {"key": 1}}'])
    expect(draftOf(REPORT, stored)).toEqual({ words: EMPTY, attempt: null });
});

it("keeps what was sent until it stands", () => {
  const place = store();
  const drafts = new Drafts(REPORT, "a", place);
  drafts.keep({ words, attempt });
  drafts.sent("1", words);
  expect(isEmpty(drafts.read().words)).toBe(true);
  expect(drafts.waiting()).toEqual([{ id: "1", words }]);
  drafts.takeUp("1");
  expect(drafts.read()).toEqual({ words, attempt: null });
  drafts.sent("2", words);
  expect(drafts.written("2")).toBe(true);
  expect(drafts.written("2")).toBe(false);
  expect(place.kept.size).toBe(0);
});

it("loses nothing where another one was begun", () => {
  const drafts = new Drafts(REPORT, "a", store());
  drafts.keep({ words, attempt: null });
  drafts.sent("1", words);
  drafts.keep({ words: { ...EMPTY, title: "Another" }, attempt: null });
  drafts.takeUp("1");
  expect(drafts.read().words).toEqual(words);
  drafts.takeUp("1");
  expect(drafts.read().words.title).toBe("Another");
});

it("keeps what was typed since, or in another tab, when words were accepted", () => {
  const drafts = new Drafts(REPORT, "a", store());
  const since = { ...EMPTY, title: "Typed since" };
  drafts.keep({ words: since, attempt: null });
  drafts.sent("1", words);
  expect(drafts.read().words).toEqual(since);
  expect(drafts.waiting()).toEqual([{ id: "1", words }]);
});

it("sends what was said, and nothing that is empty", () => {
  expect(bodyOf({ ...words, title: " Gap 🙂 ", facts: " \n", need: "quiet", kind: "Risk" })).toEqual({
    title: "Gap 🙂",
    need: "quiet",
    kind: "Risk",
    visibility: "everyone",
  });
});
