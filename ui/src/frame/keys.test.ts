import { expect, it } from "vitest";
import { KeyReader } from "./keys.ts";

const none = () => undefined;
const bindings = { "?": none, "/": none, "mod k": none, "g h": none, "g d": none };
const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

function read(...presses: [ReturnType<typeof press>, number][]) {
  const reader = new KeyReader();
  return presses.map(([one, at]) => reader.read(one, bindings, at)).at(-1);
}

it("reads one key, and two that follow each other", () => {
  expect(read([press("?"), 0])).toBe("?");
  expect(read([press("g"), 0], [press("h"), 300])).toBe("g h");
  expect(read([press("G"), 0], [press("d"), 300])).toBe("g d");
});

it("does not take what comes late or between for a pair", () => {
  expect(read([press("g"), 0], [press("h"), 1_500])).toBeNull();
  expect(read([press("g"), 0], [press("x"), 100], [press("h"), 200])).toBeNull();
});

it("takes no single key for its own that belongs to a pair of somebody else", () => {
  const reader = new KeyReader();
  const own = { r: none };
  expect(reader.read(press("g"), own, 0)).toBeNull();
  expect(reader.read(press("r"), own, 100)).toBeNull();
  expect(reader.read(press("r"), own, 200)).toBe("r");
});

it("knows ⌘ and Ctrl, and leaves Alt alone", () => {
  expect(read([press("k", { metaKey: true }), 0])).toBe("mod k");
  expect(read([press("k", { ctrlKey: true }), 0])).toBe("mod k");
  expect(read([press("k"), 0])).toBeNull();
  expect(read([press("/", { altKey: true }), 0])).toBeNull();
});
