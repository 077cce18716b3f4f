import { expect, it } from "vitest";
import { assembled, firstValues } from "./answer.ts";
import { fieldsOf } from "./fields.ts";

const severity = {
  $defs: { Severity: { description: "How much", enum: [1, 2, 3, 4], title: "Severity", type: "integer" } },
  properties: {
    severity: { anyOf: [{ $ref: "#/$defs/Severity" }, { type: "null" }], default: null, description: "left out: it" },
  },
  type: "object",
};
const mention = {
  properties: { personId: { format: "uuid", title: "Personid", type: "string" } },
  required: ["personId"],
  type: "object",
};
const candidates = {
  name: "Linh",
  candidates: [
    { id: "p1", fullName: "Linh Trần" },
    { id: "p2", fullName: "Linh Đỗ" },
  ],
};

it("asks nothing where yes is all that is said", () => {
  expect(fieldsOf({ properties: {}, type: "object" })).toEqual([]);
  expect(fieldsOf({})).toEqual([]);
  expect(assembled([], {})).toEqual({ answer: {}, faults: {} });
});

it("reads an optional choice through its reference, and begins with what is proposed", () => {
  const fields = fieldsOf(severity, { severity: 3 });
  expect(fields).toMatchObject([
    { name: "severity", is: "choice", required: false, title: "Severity", description: "left out: it" },
  ]);
  const values = firstValues(fields, { severity: 3, reason: null });
  expect(values).toEqual({ severity: "3" });
  expect(assembled(fields, values).answer).toEqual({ severity: 3 });
  expect(assembled(fields, { severity: "" })).toEqual({ answer: {}, faults: {} });
  expect(firstValues(fields, { severity: 9 })).toEqual({});
});

it("offers candidates by name, and takes none but them", () => {
  const fields = fieldsOf(mention, candidates);
  expect(fields).toMatchObject([
    {
      is: "choice",
      required: true,
      options: [
        { value: "p1", name: "Linh Trần" },
        { value: "p2", name: "Linh Đỗ" },
      ],
    },
  ]);
  expect(assembled(fields, {}).faults).toEqual({ personId: "needed" });
  expect(assembled(fields, { personId: '"p3"' }).faults).toEqual({ personId: "needed" });
  expect(assembled(fields, { personId: '"p2"' })).toEqual({ answer: { personId: "p2" }, faults: {} });
});

it("keeps numbers and texts within their bounds", () => {
  const fields = fieldsOf({
    properties: {
      days: { type: "integer", exclusiveMinimum: 0, maximum: 30 },
      share: { type: "number", minimum: 0 },
      why: { type: "string", minLength: 2, maxLength: 4 },
      sure: { type: "boolean" },
    },
    required: ["days"],
  });
  expect(fields[0]).toMatchObject({ is: "number", whole: true, least: 1, most: 30 });
  expect(assembled(fields, { days: "7", share: "0,5", why: "tốt", sure: "false" })).toEqual({
    answer: { days: 7, share: 0.5, why: "tốt", sure: false },
    faults: {},
  });
  expect(assembled(fields, { days: "0", share: "x", why: "abcde" }).faults).toEqual({
    days: "range",
    share: "number",
    why: "length",
  });
  expect(assembled(fields, { days: "1.5" }).faults).toEqual({ days: "number" });
});

it("says that it cannot ask for what it does not know, only where it must", () => {
  const nested = { properties: { plan: { type: "object" } } };
  expect(assembled(fieldsOf(nested), {}).faults).toEqual({});
  expect(assembled(fieldsOf({ ...nested, required: ["plan"] }), {}).faults).toEqual({ plan: "unknown" });
  const loop = { $defs: { A: { $ref: "#/$defs/A" } }, properties: { a: { $ref: "#/$defs/A" } } };
  expect(fieldsOf(loop)).toMatchObject([{ is: "unknown" }]);
});
