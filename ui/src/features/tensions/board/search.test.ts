import { expect, it } from "vitest";
import { filtersOf, isFiltered, searchOf } from "./search.ts";

const me = { person: { id: "p" } } as Parameters<typeof filtersOf>[1];

it("takes from an address what it knows", () => {
  expect(searchOf({ view: "list", severity: 3, kind: "Risk", text: "pump", mine: "owned" })).toEqual({
    view: "list",
    severity: 3,
    kind: "Risk",
    text: "pump",
    mine: "owned",
  });
  expect(searchOf({ view: "grid", severity: 9, kind: "toString", text: " ", mine: 1, other: "x" })).toEqual({});
  expect(searchOf({ severity: "4", text: 12 })).toEqual({ severity: 4, text: "12" });
});

it("asks the gateway for it", () => {
  expect(filtersOf({ severity: 3, text: " pump " }, me)).toEqual({ severity: 3, text: "pump" });
  expect(filtersOf({ mine: "owned" }, me)).toEqual({ ownerId: "p" });
  expect(filtersOf({ mine: "felt" }, me)).toEqual({ detectorId: "p" });
  expect(filtersOf({ mine: "supported" }, me)).toEqual({ supportedByMe: true });
});

it("has nothing of somebody who is not known yet", () => {
  expect(filtersOf({ mine: "owned" }, { person: null })).toBeNull();
  expect(filtersOf({}, { person: null })).toEqual({});
});

it("knows whether less than all is asked for", () => {
  expect(isFiltered({ view: "list" })).toBe(false);
  expect(isFiltered({ view: "list", mine: "felt" })).toBe(true);
});
