import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { describe, expect, it } from "vitest";
import { catalogue, type MessageKey } from "./catalogue.ts";
import { format } from "./format.ts";

const sources = import.meta.glob("../**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });
const used = Object.entries(sources)
  .filter(([path]) => !path.endsWith(".test.ts") && !/^\.\/\w+\.ts$/.test(path))
  .map(([, text]) => String(text))
  .join("\n");

function args(elements: MessageFormatElement[], found = new Set<string>()): Set<string> {
  for (const element of elements) {
    if ("options" in element) for (const option of Object.values(element.options)) args(option.value, found);
    if (element.type !== TYPE.literal && element.type !== TYPE.pound && "value" in element) found.add(element.value);
  }
  return found;
}

describe.each(Object.keys(catalogue) as MessageKey[])("%s", (key) => {
  const { en, vi } = catalogue[key];

  it("says something in both languages, with the same values", () => {
    expect(en.trim()).not.toBe("");
    expect(vi.trim()).not.toBe("");
    expect([...args(parse(vi))].sort()).toEqual([...args(parse(en))].sort());
  });

  it("is used", () => {
    expect(used).toContain(`"${key}"`);
  });

  it("has no exclamation marks", () => {
    expect(en + vi).not.toMatch(/\S!/);
  });
});

it("has every message that the sources ask for", () => {
  const asked = [...used.matchAll(/\bt\(\s*"([^"]+)"/g)].map((match) => match[1]);
  expect(asked.filter((key) => !(String(key) in catalogue))).toEqual([]);
});

it("counts as each language does", () => {
  expect(format("en", "nav.waiting", { count: 1 })).toBe("1 waits for you");
  expect(format("en", "nav.waiting", { count: 3 })).toBe("3 wait for you");
  expect(format("vi", "nav.waiting", { count: 1 })).toBe("1 việc chờ bạn");
});
