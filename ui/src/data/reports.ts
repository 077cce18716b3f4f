import type { TensionCreateDTO, TensionKind, Visibility } from "trm-os-client";
import type { Form } from "./drafts.ts";
import { excessOf, MOST, says } from "./lengths.ts";

/** What somebody types about a tension; what is empty is not said. */
export interface Words {
  title: string;
  facts: string;
  currentState: string;
  desiredState: string;
  feeling: string;
  need: string;
  kind: TensionKind | "";
  visibility: Visibility;
}

export const EMPTY: Words = {
  title: "",
  facts: "",
  currentState: "",
  desiredState: "",
  feeling: "",
  need: "",
  kind: "",
  visibility: "everyone",
};

/** Whether nothing was typed. */
export function isEmpty(words: Words): boolean {
  return Object.entries(words).every(([name, value]) => name === "visibility" || value.trim() === "");
}

/** Whether it can be sent: its title says something, and all of it fits. */
export function isWhole(words: Words): boolean {
  const { title, ...rest } = words;
  return says(title) && excessOf(title, MOST.title) === 0 && Object.values(rest).every((text) => excessOf(text) === 0);
}

/** The form of a report. */
export const REPORT: Form<Words> = {
  name: "tension",
  empty: EMPTY,
  read: (kept) => {
    const known = Object.entries(kept).filter(([name, value]) => name in EMPTY && typeof value === "string");
    return { ...EMPTY, ...Object.fromEntries(known) };
  },
  isEmpty,
};

/** What is sent of it. */
export function bodyOf(words: Words): TensionCreateDTO {
  const { title, kind, visibility, ...rest } = words;
  const said = Object.entries(rest).flatMap(([name, value]) => (value.trim() ? [[name, value.trim()]] : []));
  return { title: title.trim(), ...Object.fromEntries(said), ...(kind ? { kind } : {}), visibility };
}
