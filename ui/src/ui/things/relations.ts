import type { MessageKey } from "@/messages/catalogue.ts";

/** A relation as its source says it, and as its target does. */
const RELATIONS: Record<string, readonly [MessageKey, MessageKey] | undefined> = {
  RECOGNIZED_BY: ["rel.RECOGNIZED_BY", "rel.of.RECOGNIZED_BY"],
  RECEIVED_BY: ["rel.RECEIVED_BY", "rel.of.RECEIVED_BY"],
  RECOGNIZES_CONTRIBUTION_TO: ["rel.RECOGNIZES_CONTRIBUTION_TO", "rel.of.RECOGNIZES_CONTRIBUTION_TO"],
  EASES: ["rel.EASES", "rel.of.EASES"],
  IDENTIFIES: ["rel.IDENTIFIES", "rel.of.IDENTIFIES"],
  PARTICIPATES_IN: ["rel.PARTICIPATES_IN", "rel.of.PARTICIPATES_IN"],
  RESOLVES: ["rel.RESOLVES", "rel.of.RESOLVES"],
  RESULTS_IN: ["rel.RESULTS_IN", "rel.of.RESULTS_IN"],
  DETECTED_BY: ["rel.DETECTED_BY", "rel.of.DETECTED_BY"],
  AFFECTS: ["rel.AFFECTS", "rel.of.AFFECTS"],
  VISIBLE_TO: ["rel.VISIBLE_TO", "rel.of.VISIBLE_TO"],
  COMMENTS_ON: ["rel.COMMENTS_ON", "rel.of.COMMENTS_ON"],
  OWNED_BY: ["rel.OWNED_BY", "rel.of.OWNED_BY"],
  SUPPORTED_BY: ["rel.SUPPORTED_BY", "rel.of.SUPPORTED_BY"],
  EVIDENCED_BY: ["rel.EVIDENCED_BY", "rel.of.EVIDENCED_BY"],
  GENERATES_KNOWLEDGE: ["rel.GENERATES_KNOWLEDGE", "rel.of.GENERATES_KNOWLEDGE"],
  AUTHORED_BY: ["rel.AUTHORED_BY", "rel.of.AUTHORED_BY"],
  MENTIONS: ["rel.MENTIONS", "rel.of.MENTIONS"],
  PART_OF: ["rel.PART_OF", "rel.of.PART_OF"],
  DECIDES: ["rel.DECIDES", "rel.of.DECIDES"],
  ASKED_OF: ["rel.ASKED_OF", "rel.of.ASKED_OF"],
  PROPOSED_BY: ["rel.PROPOSED_BY", "rel.of.PROPOSED_BY"],
  DECIDED_BY: ["rel.DECIDED_BY", "rel.of.DECIDED_BY"],
  DECIDED_FOR: ["rel.DECIDED_FOR", "rel.of.DECIDED_FOR"],
  DELEGATED_BY: ["rel.DELEGATED_BY", "rel.of.DELEGATED_BY"],
  DELEGATED_TO: ["rel.DELEGATED_TO", "rel.of.DELEGATED_TO"],
  HAS_STATE: ["rel.HAS_STATE", "rel.of.HAS_STATE"],
  RECORDED_BY: ["rel.RECORDED_BY", "rel.of.RECORDED_BY"],
};

/** What a relation says as one of its ends reads it; null where its type is not known here. */
export function relationWord(type: string, from: "source" | "target"): MessageKey | null {
  return RELATIONS[type]?.[from === "source" ? 0 : 1] ?? null;
}
