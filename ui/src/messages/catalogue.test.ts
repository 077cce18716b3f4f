import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { describe, expect, it } from "vitest";
import type { MessageKey } from "./catalogue.ts";
import { format } from "./format.ts";
import { frame } from "./frame.ts";
import { rest } from "./rest.ts";

const catalogue = { ...frame, ...rest };

const sources = import.meta.glob("../**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });
/** What is shown before somebody is signed in, or while the rest is on its way. */
const FIRST = /^\.\.\/(main|auth\/.*|config\/.*|frame\/RouteProblem|ui\/(Skeleton|Button|Page|theme))\.tsx?$/;
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

it("needs no message before it has come", () => {
  const first = Object.entries(sources).filter(([path]) => FIRST.test(path) && !path.endsWith(".test.ts"));
  const asked = first.flatMap(([, text]) =>
    [...String(text).matchAll(/\bt\(\s*([^)]*)/g)].map((match) => String(match[1])),
  );
  const keys = asked.flatMap((said) => [...said.matchAll(/"(\w+(?:\.\w+)*)"/g)].map((match) => String(match[1])));
  expect(keys.length).toBeGreaterThan(10);
  expect(keys.filter((key) => !(key in frame))).toEqual([]);
});

it("counts as each language does", () => {
  expect(format("en", "nav.waiting", { count: 1 })).toBe("1 waits for you");
  expect(format("en", "nav.waiting", { count: 3 })).toBe("3 wait for you");
  expect(format("vi", "nav.waiting", { count: 1 })).toBe("1 việc chờ bạn");
});
