import type { FeedEventDTO } from "trm-os-client";
import { expect, it } from "vitest";
import { isTouched, tensionsIn, thingsIn } from "./touched.ts";

const thing = (label: string, id: string) => ({ label, id });
const event = (data: object) => ({ data: { things: [], relations: [], ...data } }) as unknown as FeedEventDTO;

it("finds a tension by itself and by what was said of it, each once", () => {
  const said = { source: thing("Comment", "c"), target: thing("Tension", "t") };
  expect(tensionsIn(event({ subject: thing("Comment", "c"), relations: [said, said] }))).toEqual(["t"]);
  expect(tensionsIn(event({ subject: thing("Tension", "t"), things: [thing("Tension", "t")] }))).toEqual(["t"]);
  expect(tensionsIn(event({ subject: thing("Person", "p") }))).toEqual([]);
});

it("touches a chain by what stands in it, and what is about a thing by the thing", () => {
  const given = { source: thing("Recognition", "r"), target: thing("Project", "p") };
  const things = thingsIn(event({ subject: thing("Recognition", "r"), relations: [given] }));
  const chain = { stations: [{ items: [{ id: "t" }] }, { items: [{ id: "p" }] }] };
  expect(isTouched(["chain", "t"], chain, things)).toBe(true);
  expect(isTouched(["chain", "t"], { stations: [] }, things)).toBe(false);
  expect(isTouched(["chain", "r"], { stations: [] }, things)).toBe(true);
  expect(isTouched(["chain", "t"], undefined, things)).toBe(true);
  expect(isTouched(["why", "r"], undefined, things)).toBe(true);
  expect(isTouched(["why", "x", "EASES", "p"], undefined, things)).toBe(true);
  expect(isTouched(["recognition", "r", "history"], undefined, things)).toBe(true);
  expect(isTouched(["people", "r"], undefined, things)).toBe(false);
});
