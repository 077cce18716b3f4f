import type { Field } from "./fields.ts";

/** What stands in the fields: text as typed, the JSON of what was chosen, "" where nothing is. */
export type Values = Record<string, string>;

export type Fault = "needed" | "number" | "range" | "length" | "unknown";

export interface Assembled {
  answer: Record<string, unknown>;
  /** What cannot be sent so, by field. */
  faults: Record<string, Fault>;
}

/** What the fields hold at first: what is proposed by the same name. */
export function firstValues(fields: readonly Field[], proposal?: Record<string, unknown> | null): Values {
  const values: Values = {};
  for (const field of fields) {
    const proposed = proposal?.[field.name];
    if (proposed === undefined || proposed === null) continue;
    if (field.is === "choice") {
      const known = field.options.some((option) => option.value === proposed);
      if (known) values[field.name] = JSON.stringify(proposed);
    } else if (field.is !== "unknown") values[field.name] = String(proposed);
  }
  return values;
}

/** The answer that the fields say; what is left empty and not required is left out. */
export function assembled(fields: readonly Field[], values: Values): Assembled {
  const answer: Assembled["answer"] = {};
  const faults: Assembled["faults"] = {};
  for (const field of fields) {
    const said = values[field.name] ?? "";
    if (said.trim() === "") {
      if (field.required) faults[field.name] = field.is === "unknown" ? "unknown" : "needed";
      continue;
    }
    const read = readAs(field, said);
    if ("fault" in read) faults[field.name] = read.fault;
    else answer[field.name] = read.value;
  }
  return { answer, faults };
}

function readAs(field: Field, said: string): { value: unknown } | { fault: Fault } {
  if (field.is === "choice") {
    const chosen = field.options.find((option) => JSON.stringify(option.value) === said);
    return chosen ? { value: chosen.value } : { fault: "needed" };
  }
  if (field.is === "flag") return { value: said === "true" };
  if (field.is === "unknown") return { fault: "unknown" };
  if (field.is === "text") {
    const length = [...said].length;
    return length < field.least || length > (field.most ?? Number.POSITIVE_INFINITY)
      ? { fault: "length" }
      : { value: said };
  }
  const value = Number(said.trim().replace(",", "."));
  if (!Number.isFinite(value) || (field.whole && !Number.isInteger(value))) return { fault: "number" };
  const fits = value >= (field.least ?? Number.NEGATIVE_INFINITY) && value <= (field.most ?? Number.POSITIVE_INFINITY);
  return fits ? { value } : { fault: "range" };
}
