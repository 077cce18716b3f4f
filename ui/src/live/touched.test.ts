import type { FeedEventDTO } from "trm-os-client";
import { expect, it } from "vitest";
import { tensionsIn } from "./touched.ts";

const thing = (label: string, id: string) => ({ label, id });
const event = (data: object) => ({ data: { things: [], relations: [], ...data } }) as unknown as FeedEventDTO;

it("finds a tension by itself and by what was said of it, each once", () => {
  const said = { source: thing("Comment", "c"), target: thing("Tension", "t") };
  expect(tensionsIn(event({ subject: thing("Comment", "c"), relations: [said, said] }))).toEqual(["t"]);
  expect(tensionsIn(event({ subject: thing("Tension", "t"), things: [thing("Tension", "t")] }))).toEqual(["t"]);
  expect(tensionsIn(event({ subject: thing("Person", "p") }))).toEqual([]);
});
