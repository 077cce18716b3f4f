import { expect, it } from "vitest";
import { partsOf, textsOf } from "./marks.ts";

const marked = (text: string, ...words: [string, number][]) =>
  partsOf(
    text,
    words.map(([word, weight]) => ({ word, weight })),
  ).map((part) => (part.weight === null ? part.text : `<${part.text}|${part.weight}>`));

it("finds weighed words, whatever their case", () => {
  expect(marked("Gas leaks. GAS!", ["gas", 1], ["leaks", -0.5])).toEqual([
    "<Gas|1>",
    " ",
    "<leaks|-0.5>",
    ". ",
    "<GAS|1>",
    "!",
  ]);
});

it("takes whole words alone", () => {
  expect(marked("gasoline, biogas", ["gas", 1])).toEqual(["gasoline, biogas"]);
  expect(marked("máy ồn", ["má", 1], ["ồn", 2])).toEqual(["máy ", "<ồn|2>"]);
  expect(marked("máy ồn".normalize("NFD"), ["ồn", 2])).toEqual(["máy ", "<ồn|2>"]);
});

it("takes signs in words as they are", () => {
  expect(marked("c++ don't a-b (x)", ["c++", 1], ["don't", 2], ["a-b", 3])).toEqual([
    "<c++|1>",
    " ",
    "<don't|2>",
    " ",
    "<a-b|3>",
    " (x)",
  ]);
});

it("leaves a text whole where nothing was weighed", () => {
  expect(marked("🙂 gap")).toEqual(["🙂 gap"]);
  expect(partsOf("", [])).toEqual([{ at: 0, text: "", weight: null }]);
});

it("reads the title first", () => {
  expect(textsOf({ need: "quiet", title: "Loud", facts: null } as never)).toEqual(["Loud", "quiet"]);
});
