import type { TensionKind, TensionStatus } from "trm-os-client";
import type { TensionRead } from "@/data/tensions.ts";
import type { MessageKey } from "@/messages/catalogue.ts";

export const STATUS_WORDS: Record<TensionStatus, MessageKey> = {
  Open: "tension.Open",
  UnderReview: "tension.UnderReview",
  Accepted: "tension.Accepted",
  InProgress: "tension.InProgress",
  OnHold: "tension.OnHold",
  Resolved: "tension.Resolved",
  Closed: "tension.Closed",
  Rejected: "tension.Rejected",
  Archived: "tension.Archived",
};

export const KIND_WORDS: Record<TensionKind, MessageKey> = {
  Problem: "tension.Problem",
  Opportunity: "tension.Opportunity",
  Risk: "tension.Risk",
  Idea: "tension.Idea",
  Question: "tension.Question",
  Concern: "tension.Concern",
  Conflict: "tension.Conflict",
};

export const SEVERITY_WORDS = {
  1: "severity.1",
  2: "severity.2",
  3: "severity.3",
  4: "severity.4",
} as const satisfies Record<number, MessageKey>;

export const KINDS = Object.keys(KIND_WORDS) as TensionKind[];
export const SEVERITIES = [1, 2, 3, 4] as const;

/** What is said once a move was answered. */
export function wordOf(read: TensionRead): MessageKey {
  return "receipt" in read ? "write.accepted" : "tension.moved";
}
