import type { EventType } from "trm-os-client";
import type { MessageKey } from "@/messages/catalogue.ts";

const SENTENCES: Record<EventType, MessageKey> = {
  RECOGNITION_CREATED: "event.recognised",
  RECOGNITION_CORRECTED: "event.recognitionCorrected",
  RECOGNITION_WITHDRAWN: "event.recognitionWithdrawn",
  KNOWLEDGE_SNIPPET_UPSERTED: "event.knowledge",
  KNOWLEDGE_SNIPPET_CORRECTED: "event.knowledgeCorrected",
  KNOWLEDGE_SNIPPET_WITHDRAWN: "event.knowledgeWithdrawn",
  TENSION_REPORTED: "event.tensionReported",
  TENSION_CHANGED: "event.tensionChanged",
  TENSION_ARCHIVED: "event.tensionArchived",
  TENSION_ESCALATED: "event.tensionEscalated",
  TENSION_ANALYSED: "event.tensionAnalysed",
  TENSION_FOLLOWED: "event.tensionFollowed",
  COMMENT_RECORDED: "event.comment",
  COMMENT_CORRECTED: "event.commentCorrected",
  COMMENT_WITHDRAWN: "event.commentWithdrawn",
  PROJECT_PROPOSED: "event.projectProposed",
  PROJECT_APPROVED: "event.projectApproved",
  PROJECT_ARCHIVED: "event.projectArchived",
  PROJECT_CHANGED: "event.projectChanged",
  PARTICIPANT_ADDED: "event.participantAdded",
  PARTICIPANT_LEFT: "event.participantLeft",
  RESOLUTION_PLANNED: "event.resolutionPlanned",
  RESOLUTION_DROPPED: "event.resolutionDropped",
  TASK_PLANNED: "event.taskPlanned",
  TASK_CHANGED: "event.taskChanged",
  TASK_FOLLOWED: "event.taskFollowed",
  TASK_REMINDED: "event.taskReminded",
  TASK_OVERDUE: "event.taskOverdue",
  PROJECT_REMINDED: "event.projectReminded",
  PROJECT_OVERDUE: "event.projectOverdue",
  PROJECT_COMPLETED: "event.projectCompleted",
  PERSON_RECORDED: "event.person",
  PERSON_CHANGED: "event.personChanged",
  PERSON_LINKED: "event.personLinked",
  PERSON_MERGED: "event.personMerged",
  PERSON_UNMERGED: "event.personUnmerged",
  DECISION_ASKED: "event.decisionAsked",
  DECISION_REMINDED: "event.decisionReminded",
  DECISION_ESCALATED: "event.decisionEscalated",
  DECISION_TAKEN: "event.decisionTaken",
  DECISION_FOLLOWED: "event.decisionFollowed",
  DELEGATION_GIVEN: "event.delegationGiven",
  DELEGATION_WITHDRAWN: "event.delegationWithdrawn",
  SEVERITY_MODEL_TRAINED: "event.modelTrained",
  SEVERITY_MODEL_PROMOTED: "event.modelPromoted",
  WIN_SCORED: "event.winScored",
  WIN_SUBMITTED: "event.winSubmitted",
  WIN_PUBLISHED: "event.winPublished",
  WIN_REJECTED: "event.winRejected",
};

/** A relation as far as a sentence needs it. */
interface Told {
  type: string;
  target: { name?: string | null | undefined };
  ended?: boolean;
}

/** The sentence that tells an event, by what it made; a type of a newer gateway has a general one. */
export function sentenceOf(type: string, made: readonly Told[]): MessageKey {
  if (type === "RECOGNITION_CREATED" && receiversOf(made).length === 0) return "event.recognisedSomebody";
  return (Object.hasOwn(SENTENCES, type) && SENTENCES[type as EventType]) || "event.other";
}

/** Names of those whose contribution a recognition saw, as far as the reader may know them. */
export function receiversOf(made: readonly Told[]): string[] {
  return made
    .filter((relation) => relation.type === "RECEIVED_BY" && !relation.ended)
    .map((relation) => relation.target.name)
    .filter((name) => name != null);
}
