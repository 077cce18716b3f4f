import { expect, it } from "vitest";
import { factsBeside } from "./beside.ts";

it("does not say again what the title says, nor what stands under it", () => {
  expect(factsBeside({ name: "P", status: "Active", goal: "g", requestHash: "x" }, "P")).toEqual({ goal: "g" });
  expect(factsBeside({ content: "long text" }, "long…")).toEqual({ content: "long text" });
});
