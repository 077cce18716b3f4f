import { idempotencyKey } from "trm-os-client";

/** One attempt to decide: what is said, under the key by which it counts once. */
export interface Attempt {
  key: string;
  said: string;
}

/** The attempt that says this: the one before where it said the same, so a repetition has its key; else a new one. */
export function attemptFor(before: Attempt | null, body: object, make: () => string = idempotencyKey): Attempt {
  const said = JSON.stringify(body);
  return before?.said === said ? before : { key: make(), said };
}
