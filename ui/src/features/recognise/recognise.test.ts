import type { SuggestionDTO } from "trm-os-client";
import { expect, it } from "vitest";
import {
  bodyOf,
  type Chip,
  type ChipKind,
  EMPTY,
  isWhole,
  RECOGNITION,
  withChip,
  withContent,
} from "@/data/recognising.ts";
import { hintOf } from "./coach.ts";
import { mentionAt, replaced } from "./mention.ts";
import { besides, firstOf, offersOf } from "./offers.ts";

const linh: Chip = { kind: "Person", id: "1", name: "Linh" };
const named = (text: string) => mentionAt(text, text.length);

it.each([
  ["@li", "Person", "li"],
  ["Thanks (@Nguyễn Văn", "Person", "Nguyễn Văn"],
  ["To @mai@x.example", "Person", "mai@x.example"],
  ["@Linh @bo", "Person", "bo"],
  ["In #Pump ro", "Project", "Pump ro"],
  ["See !gas", "Tension", "gas"],
  ["First line\n@", "Person", ""],
])("reads the name that is being typed: %s", (text, kind, said) => {
  expect(named(text)).toMatchObject({ kind, text: said, to: text.length });
});

it.each([["Great!thanks"], ["Well done! "], ["a@b.example"], ["@Linh. She"], ["@Linh  "], ["# "], ["no sign"]])(
  "takes nothing else for a name: %s",
  (text) => expect(named(text)).toBeNull(),
);

it("puts the name in the place of what was typed, wherever the caret stood", () => {
  const text = "Thanks @li for it";
  const mention = mentionAt(text, 10);
  expect(mention && replaced(text, mention, "Linh Trần")).toEqual({ text: "Thanks Linh Trần for it", caret: 16 });
  const last = named("Thanks @li");
  expect(last && replaced("Thanks @li", last, "Linh")).toEqual({ text: "Thanks Linh ", caret: 12 });
  expect(last && replaced("Thanks @li", last, "")).toEqual({ text: "Thanks ", caret: 7 });
});

it("offers who is known, an address, and a project that is new", () => {
  const known = [{ id: "1", label: "Person", name: "Linh", detail: "linh" }];
  const offered = (kind: ChipKind, text: string, items: SuggestionDTO[], own?: string) =>
    offersOf(kind, text, { items, by: text }, own).map(({ id, name }) => id ?? name);
  expect(offered("Person", "li", known)).toEqual(["1"]);
  expect(offered("Person", "mai@x.example", [])).toEqual(["mai@x.example"]);
  expect(offered("Project", "Pump", [])).toEqual(["Pump"]);
  expect(offered("Project", "pump", [{ id: "2", label: "Project", name: "Pump" }])).toEqual(["2"]);
});

it("offers no known address as somebody else's, and nobody their own", () => {
  const bob = { id: "1", label: "Person", name: "Bob", detail: "bob@x.example" };
  const offered = (items: SuggestionDTO[], own: string) =>
    offersOf("Person", "bob@x.example", { items, by: "bob@x.example" }, own).map(({ id, name }) => id ?? name);
  expect(offered([bob], "mai@x.example")).toEqual(["1"]);
  expect(offered([{ ...bob, detail: "bob" }], "mai@x.example")).toEqual(["bob@x.example", "1"]);
  expect(offered([], "Bob@x.example")).toEqual([]);
});

it("makes a project only where somebody points at it", () => {
  const fresh = offersOf("Project", "42 in the pump room", { items: [], by: "42 in the pump room" });
  expect(firstOf(fresh)).toBeUndefined();
  expect(besides(fresh, undefined, 1)).toBe(fresh[0]);
  const both = offersOf("Project", "pump", { items: [{ id: "2", label: "Project", name: "Pump room" }], by: "pump" });
  expect(firstOf(both)?.id).toBe("2");
  expect(besides(both, both[0], 1)?.name).toBe("pump");
  expect(besides(both, both[1], 1)?.id).toBe("2");
  expect(besides(both, both[0], -1)?.name).toBe("pump");
});

it("puts the name in the place of the beginning it was found by", () => {
  const text = "To @bob iyer fixed it";
  const mention = named(text);
  expect(mention && replaced(text, mention, "Bob Iyer", "bob iyer")).toEqual({
    text: "To Bob Iyer fixed it",
    caret: 20,
  });
});

it("lets go of who is no longer in the text, and takes them back with it", () => {
  const pump: Chip = { kind: "Tension", id: "9", name: "Gas" };
  const words = { ...EMPTY, content: "Linh stayed", chips: [linh, pump] };
  const without = withContent(words, "stayed");
  expect(without.words.chips).toEqual([pump]);
  expect(withContent(without.words, "Linh stayed", without.left).words.chips).toEqual([pump, linh]);
  expect(withContent(words, "Linh stayed here").words.chips).toEqual([linh, pump]);
});

it("names people once, and one project and tension", () => {
  const chips = [linh, { ...linh, name: "Linh T." }, { kind: "Project", name: "A" }, { kind: "Project", name: "B" }];
  expect((chips as Chip[]).reduce(withChip, []).map(({ name }) => name)).toEqual(["Linh T.", "B"]);
});

it("sends ids of who is known, the address of who is not, and the name of what is new", () => {
  const chips: Chip[] = [linh, { kind: "Person", name: "mai@x.example" }, { kind: "Project", name: "Pump" }];
  const words = {
    ...EMPTY,
    content: " Thanks ",
    chips: [...chips, { kind: "Tension" as const, id: "9", name: "Gas" }],
  };
  expect(bodyOf(words)).toEqual({
    content: "Thanks",
    receivers: [{ id: "1" }, { email: "mai@x.example" }],
    project: { name: "Pump" },
    tensionId: "9",
    visibility: "everyone",
  });
  expect(isWhole(words)).toBe(true);
  expect(isWhole({ ...words, chips: [] })).toBe(false);
});

it("asks for one thing at a time, in both languages, and is content at last", () => {
  const long = "Linh stayed with us in the pump room all night";
  const hints = [
    { ...EMPTY },
    { ...EMPTY, content: "Thanks" },
    { ...EMPTY, content: "Thanks", chips: [linh] },
    { ...EMPTY, content: long, chips: [linh] },
    { ...EMPTY, content: `${long}, nhờ vậy phòng khám kịp mở cửa`, chips: [linh] },
    { ...EMPTY, content: `${long} so that we opened in time`, chips: [linh, { kind: "Project" as const, name: "P" }] },
  ].map(hintOf);
  expect(hints).toEqual([null, "coach.whom", "coach.what", "coach.effect", "coach.where", null]);
});

it("reads kept words of which nothing is certain", () => {
  expect(RECOGNITION.read({ content: 7, chips: [{}, null, linh, { kind: "X", name: "a" }] })).toEqual({
    ...EMPTY,
    chips: [linh],
  });
});
