import type { DecisionDTO, MeDTO } from "trm-os-client";
import { isMe } from "@/data/mine.ts";

/** Why somebody is shown a form, or none. */
export type Standing = "may" | "decided" | "late" | "noScope" | "own" | "notAsked";

/** How a reader stands to a decision; `mine` is whether the gateway counts it among those they may take. */
export function standingTo(decision: DecisionDTO, me: MeDTO, writes: boolean, mine: boolean, now: Date): Standing {
  if (decision.status !== "Pending") return "decided";
  if (decision.deadline && Date.parse(decision.deadline) <= now.getTime()) return "late";
  if (mine) return writes ? "may" : "noScope";
  return isMe(me, decision.proposedBy?.id) ? "own" : "notAsked";
}
