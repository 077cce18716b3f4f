import { useState } from "react";
import type { Attempt } from "@/data/attempts.ts";
import type { Values } from "./answer.ts";

export type Outcome = "Approve" | "Reject";

/** An answer that is not sent yet, or of which it is not known whether it was. */
export interface Draft {
  outcome: Outcome | null;
  values: Values;
  reason: string;
  attempt: Attempt | null;
}

const placeOf = (reader: string, decision: string) => `trm.decision.${reader}.${decision}`;

/** What was kept, over the draft as it begins; anything that is no draft is not taken. */
export function kept(stored: string | null, first: Draft): Draft {
  try {
    const said: unknown = JSON.parse(stored ?? "null");
    if (typeof said !== "object" || said === null || !("reason" in said) || !("values" in said)) return first;
    return { ...first, ...said } as Draft;
  } catch {
    return first;
  }
}

/** A draft that stays in this tab until it is sent, for this reader alone. */
export function useDraft(reader: string, decision: string, first: () => Draft) {
  const place = placeOf(reader, decision);
  const [draft, set] = useState(() => kept(sessionStorage.getItem(place), first()));
  function change(part: Partial<Draft>) {
    set((before) => {
      const next = { ...before, ...part };
      sessionStorage.setItem(place, JSON.stringify(next));
      return next;
    });
  }
  return { draft, change, forget: () => sessionStorage.removeItem(place) };
}
