import { idempotencyKey, TrmProblem } from "trm-os-client";

/** One write with its key, as it is kept until it is known what became of it. */
export interface Attempt {
  key: string;
  /** What was sent, as text. */
  of: string;
}

/** The attempt that a body belongs to: the last one where the same is sent again, else one of its own. */
export function attemptFor(body: unknown, last: Attempt | null): Attempt {
  const of = JSON.stringify(body);
  return last?.of === of ? last : { key: idempotencyKey(), of };
}

/** Whether it is known that a write did not take place; otherwise it may have, and is sent again with its key. */
export function isRefused(error: unknown): boolean {
  return error instanceof TrmProblem && error.problem.status < 500;
}

/** It was changed by somebody else since it was read. */
export class Stale extends Error {}

export function isStale(error: unknown): boolean {
  return error instanceof Stale || (error instanceof TrmProblem && error.problem.code === "revisionStale");
}

/** What a gateway says, as a sentence. */
export function sentence(said: string): string {
  const text = said.trim();
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.?!…]$/.test(text) ? "" : ".");
}
