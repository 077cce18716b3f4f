import { expect, it } from "vitest";
import { grants, offers } from "./scopes.ts";

it("takes a right to write for the right to read, and not the other way round", () => {
  expect(grants(["rw_decision"], "r_decision")).toBe(true);
  expect(grants(["r_decision"], "rw_decision")).toBe(false);
  expect(grants(["rw_recognition_onbehalf"], "r_recognition")).toBe(false);
});

it("offers what a token reads", () => {
  expect(offers(["r_decision"], "decisions")).toBe(true);
  expect(offers(["r_decision"], "feed")).toBe(true);
  expect(offers(["r_tension"], "decisions")).toBe(false);
  expect(offers(["r_run", "openid"], "feed")).toBe(false);
  expect(offers(["r_decision"], "deciding")).toBe(false);
  expect(offers(["rw_decision"], "deciding")).toBe(true);
  expect(offers([], "feed")).toBe(false);
});

it("offers writing to who may write alone", () => {
  expect(offers(["r_tension"], "tensions")).toBe(true);
  expect(offers(["r_tension"], "report")).toBe(false);
  expect(offers(["rw_tension"], "report")).toBe(true);
});
