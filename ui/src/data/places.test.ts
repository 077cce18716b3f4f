import { expect, it } from "vitest";
import { placeOf } from "./places.ts";

it("leads to the page of its kind, else to the general one", () => {
  expect(placeOf({ label: "Tension", id: "a" })).toEqual({ to: "/tensions/$tensionId", params: { tensionId: "a" } });
  expect(placeOf({ label: "Decision", id: "a" }).to).toBe("/decisions/$decisionId");
  expect(placeOf({ label: "Recognition", id: "a" }).to).toBe("/recognitions/$recognitionId");
  for (const label of ["Project", "WIN", "Person", "Comment", "SomethingNew"])
    expect(placeOf({ label, id: "a" })).toEqual({ to: "/things/$id", params: { id: "a" } });
});
