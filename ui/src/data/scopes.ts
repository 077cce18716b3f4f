/** Pages and parts that need a right; what the token does not grant is not offered. */
export const PARTS = {
  feed: ["r_recognition", "r_person", "r_knowledge", "r_tension", "r_project", "r_win", "r_decision"],
  decisions: ["r_decision"],
  tensions: ["r_tension"],
  report: ["rw_tension"],
  recognise: ["rw_recognition"],
  deciding: ["rw_decision"],
  people: ["r_person"],
  recognitions: ["r_recognition"],
} as const satisfies Record<string, readonly string[]>;

export type Part = keyof typeof PARTS;

/** Whether the held scopes include the wanted one; `rw_x` includes `r_x`. */
export function grants(held: readonly string[], wanted: string): boolean {
  return held.includes(wanted) || (wanted.startsWith("r_") && held.includes(`rw_${wanted.slice(2)}`));
}

/** Whether somebody with these scopes is offered a part: any of its scopes will do. */
export function offers(held: readonly string[], part: Part): boolean {
  return PARTS[part].some((scope) => grants(held, scope));
}
