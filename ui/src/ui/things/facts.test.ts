import { expect, it } from "vitest";
import { namesOf, shownAs, titleOf } from "./facts.ts";
import { PROPERTIES } from "./properties.ts";
import { relationWord } from "./relations.ts";
import { agentWord, stateWord, valueWord } from "./words.ts";

it("says words first and data last, and leaves out what is for the system, or says nothing", () => {
  const said = {
    mentions: '{"a":1}',
    createdAt: "2026-03-01T08:00:00Z",
    kind: "Risk",
    title: "T",
    rev: 2,
    requestHash: "x",
  };
  expect(namesOf({ ...said, tags: [], goal: null, note: "" })).toEqual(["title", "kind", "createdAt", "mentions"]);
});

it("shows each value as what it is", () => {
  expect(shownAs("severity", 3)).toEqual({ as: "severity", severity: 3 });
  expect(shownAs("createdAt", "2026-03-01T08:00:00Z").as).toBe("moment");
  expect(shownAs("title", "2026 was good")).toEqual({ as: "text", text: "2026 was good" });
  expect(shownAs("form", '{"a":1}')).toEqual({ as: "data", text: '{\n  "a": 1\n}' });
  expect(shownAs("title", "[draft] plan").as).toBe("text");
  expect(shownAs("tags", ["a", "b"])).toEqual({ as: "words", words: ["a", "b"] });
  expect(shownAs("provisional", false)).toEqual({ as: "yes", yes: false });
});

it("calls a thing by its name, else by how its text begins", () => {
  expect(titleOf({ fullName: "An" })).toBe("An");
  expect(titleOf({ content: "a\n b" })).toBe("a b");
  expect(titleOf({ text: "👍".repeat(200) })).toBe(`${"👍".repeat(120)}…`);
  expect(titleOf({ title: "x".repeat(200) })).toHaveLength(200);
  expect(titleOf({ score: 3 })).toBeNull();
});

it("has words for what is known, and none for the rest", () => {
  expect(PROPERTIES.plannedEndAt).toBe("prop.plannedEndAt");
  expect(PROPERTIES.somethingNew).toBeUndefined();
  expect(stateWord("Recognition", "Archived")).toBe("state.Archived");
  expect(stateWord("Tension", "Archived")).toBe("tension.Archived");
  expect(stateWord("Tension", "constructor")).toBeNull();
  expect(valueWord("Tension", "kind", "Risk")).toBe("tension.Risk");
  expect(valueWord("Tension", "title", "Risk")).toBeNull();
  expect(relationWord("EASES", "target")).toBe("rel.of.EASES");
  expect(relationWord("NEW_ONE", "source")).toBeNull();
  expect(agentWord("TensionWorkflow")).toBe("agent.TensionWorkflow");
});
