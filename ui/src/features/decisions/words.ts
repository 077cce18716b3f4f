import type { DecisionDTO, DecisionKind, DecisionPolicy, ProblemDTO } from "trm-os-client";
import type { MessageKey } from "@/messages/catalogue.ts";
import type { Fault } from "./answer.ts";

type Words<K extends string> = Record<K, MessageKey>;

export const KINDS: Words<DecisionKind> = {
  ProjectApproval: "decision.ProjectApproval",
  TensionSeverity: "decision.TensionSeverity",
  EntityLink: "decision.EntityLink",
  WinApproval: "decision.WinApproval",
  PersonMerge: "decision.PersonMerge",
  PersonMention: "decision.PersonMention",
  ModelPromotion: "decision.ModelPromotion",
};

export const POLICIES: Words<DecisionPolicy> = {
  Approve: "decisions.policyApprove",
  Reject: "decisions.policyReject",
  LeaveOpen: "decisions.policyLeaveOpen",
};

export const STATUSES: Words<DecisionDTO["status"]> = {
  Pending: "decision.pending",
  Approved: "decision.approved",
  Rejected: "decision.rejected",
  Expired: "decision.expired",
};

/** What a decision is about, by label in the graph. */
export const SUBJECTS: Record<string, MessageKey | undefined> = {
  Tension: "thing.Tension",
  Person: "thing.Person",
  Recognition: "thing.Recognition",
  Project: "thing.Project",
  SeverityModel: "thing.SeverityModel",
};

export const AUTHORITIES: Record<string, MessageKey | undefined> = {
  moderator: "authority.moderator",
  operator: "authority.operator",
  founder: "authority.founder",
};

/** Fields of answers and proposals, by name. */
export const LABELS: Record<string, MessageKey | undefined> = {
  severity: "field.severity",
  personId: "field.personId",
  name: "field.name",
  candidates: "field.candidates",
  against: "field.against",
  labels: "field.labels",
  texts: "field.texts",
  kappa: "field.kappa",
  macroF1: "field.macroF1",
  calibrationBefore: "field.calibrationBefore",
  calibrationAfter: "field.calibrationAfter",
  objections: "field.objections",
  goal: "field.goal",
  rev: "field.rev",
  claims: "field.claims",
  plannedStartAt: "field.plannedStartAt",
  plannedEndAt: "field.plannedEndAt",
};

/** What is to be known about a field before one answers. */
export const HINTS: Record<string, MessageKey | undefined> = {
  severity: "hint.severity",
  personId: "hint.personId",
};

/** Values that have words. */
export const VALUES: Record<string, MessageKey | undefined> = {
  Worse: "value.Worse",
  MaybeWorse: "value.MaybeWorse",
  Uncalibrated: "value.Uncalibrated",
};

export const FAULTS: Words<Fault> = {
  needed: "fault.needed",
  number: "fault.number",
  range: "fault.range",
  length: "fault.length",
  unknown: "fault.unknown",
};

/** The rules by which an answer is refused. */
export const RULES: Partial<Record<ProblemDTO["code"], MessageKey>> = {
  notAsked: "refused.notAsked",
  alreadyDecided: "refused.alreadyDecided",
  invalidRequest: "refused.invalidRequest",
  insufficientScope: "refused.insufficientScope",
  notFound: "refused.notFound",
  idempotencyConflict: "refused.idempotencyConflict",
};
