import type { TensionStatus } from "trm-os-client";

/** State of a tension → those that may follow it, the way forward first; docs/ontology.md has the same. */
export const FOLLOWING: Readonly<Record<TensionStatus, readonly TensionStatus[]>> = {
  Open: ["UnderReview", "Rejected", "Archived"],
  UnderReview: ["Accepted", "Rejected"],
  Accepted: ["InProgress", "Resolved", "Rejected"],
  InProgress: ["Resolved", "OnHold", "Accepted"],
  OnHold: ["InProgress"],
  Resolved: ["Closed", "InProgress", "Archived"],
  Closed: ["InProgress", "Archived"],
  Rejected: ["Archived"],
  Archived: [],
};

/** The columns of a board; what is archived is out of lists. */
export const COLUMNS = [
  "Open",
  "UnderReview",
  "Accepted",
  "InProgress",
  "OnHold",
  "Resolved",
  "Closed",
  "Rejected",
] as const satisfies readonly TensionStatus[];

/** Whether going there is something to explain: it ends the tension, or cannot be taken back. */
export function asksWhy(to: TensionStatus): boolean {
  return to === "Resolved" || to === "Rejected" || to === "Archived";
}
