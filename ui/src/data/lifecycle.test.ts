import { expect, it } from "vitest";
import ontology from "../../../docs/ontology.md?raw";
import { COLUMNS, FOLLOWING } from "./lifecycle.ts";

it("leads on as the ontology says", () => {
  const drawn = ontology
    .split("```")
    .find((part) => part.startsWith("mermaid") && part.includes("Open --> UnderReview"));
  const arrows = [...(drawn ?? "").matchAll(/^\s*(\w+) --> (\w+)\s*$/gm)].map(([, from, to]) => `${from} ${to}`);
  const ours = Object.entries(FOLLOWING).flatMap(([from, all]) => all.map((to) => `${from} ${to}`));
  expect(ours.sort()).toEqual(arrows.sort());
});

it("has a column for every state but the archived", () => {
  expect([...COLUMNS, "Archived"].sort()).toEqual(Object.keys(FOLLOWING).sort());
});
