import { expect, it } from "vitest";
import { bodyOf, type Chip, EMPTY, isWhole, RECOGNITION, withChip } from "@/data/recognising.ts";
import { hintOf } from "./coach.ts";
import { mentionAt, replaced } from "./mention.ts";
import { offersOf } from "./offers.ts";

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
  expect(offersOf("Person", "li", known).map(({ id }) => id)).toEqual(["1"]);
  expect(offersOf("Person", "mai@x.example", []).map(({ name }) => name)).toEqual(["mai@x.example"]);
  expect(offersOf("Project", "Pump", []).map(({ id, name }) => [id, name])).toEqual([[undefined, "Pump"]]);
  expect(offersOf("Project", "pump", [{ id: "2", label: "Project", name: "Pump" }])).toHaveLength(1);
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
