import type { TensionDTO } from "trm-os-client";
import { expect, it } from "vitest";
import { placed, type TensionPages, together } from "./placed.ts";

const tension = (id: string, day: number) =>
  ({ id, occurredAt: `2026-03-0${day}T00:00:00Z`, createdAt: "2026-03-09T00:00:00Z" }) as TensionDTO;

function pages(more: string | null, ...items: TensionDTO[][]): TensionPages {
  const last = items.length - 1;
  return {
    pages: items.map((one, place) => ({ items: one, nextCursor: place === last ? more : "c" })),
    pageParams: items.map(() => ""),
  };
}

const ids = (one: TensionPages) => one.pages.flatMap((page) => page.items.map((item) => item.id)).join("");

it("puts a tension at its place", () => {
  const two = pages(null, [tension("a", 8), tension("c", 6)], [tension("d", 4)]);
  expect(ids(placed(two, tension("b", 7), true))).toEqual("abcd");
  expect(ids(placed(two, tension("e", 1), true))).toEqual("acde");
  expect(ids(placed(two, tension("c", 6), true))).toEqual("acd");
});

it("takes it away where it is not wanted", () => {
  expect(ids(placed(pages(null, [tension("a", 8), tension("b", 7)]), tension("a", 8), false))).toEqual("b");
});

it("leaves to a later page what stands there", () => {
  expect(ids(placed(pages("more", [tension("a", 8)]), tension("b", 1), true))).toEqual("a");
  expect(ids(placed(pages(null, []), tension("b", 1), true))).toEqual("b");
});

it("shows each once", () => {
  const two = pages(null, [tension("a", 8), tension("b", 7)], [tension("b", 7), tension("c", 6)]);
  expect(together(two.pages).map((one) => one.id)).toEqual(["a", "b", "c"]);
});
