import { queryOptions } from "@tanstack/react-query";
import {
  type DecisionCreateDTO,
  type DecisionDTO,
  type DecisionKind,
  type TrmClient,
  unwrap,
  type WriteReceiptDTO,
} from "trm-os-client";
import { keys } from "./queries.ts";

/** Kinds of decisions that somebody asks for today. */
export const DECISION_KINDS = [
  "TensionSeverity",
  "PersonMention",
  "PersonMerge",
  "ProjectApproval",
  "WinApproval",
  "ModelPromotion",
] as const satisfies readonly DecisionKind[];

/** The filter that an address says; what it does not know is no filter. */
export function decisionFilter(search: Record<string, unknown>): { kind?: DecisionKind } {
  const kind = DECISION_KINDS.find((one) => one === search.kind);
  return kind ? { kind } : {};
}

/** One decision, or how far it is written. */
export function approvalQuery(client: TrmClient, decisionId: string) {
  return queryOptions({
    queryKey: [...keys.approvals, "one", decisionId],
    queryFn: async ({ signal }): Promise<DecisionDTO | WriteReceiptDTO> => {
      const path = { decisionId };
      return unwrap(await client.GET("/v1/approvals/{decisionId}", { params: { path }, signal }));
    },
  });
}

/** Whether I may take a decision: it is among those of mine that were asked for up to its moment. */
export function mineQuery(client: TrmClient, { id, kind, createdAt }: DecisionDTO) {
  return queryOptions({
    queryKey: [...keys.approvals, "mine", id],
    queryFn: async ({ signal }) => {
      const until = new Date(Date.parse(createdAt) + 1).toISOString();
      const query = { mine: true, status: "Pending" as const, kind, until, limit: 20 };
      const page = unwrap(await client.GET("/v1/approvals", { params: { query }, signal }));
      return page.items.some((one) => one.id === id);
    },
  });
}

/** Take a decision; null where it is accepted and counts a moment later. The same key never counts twice. */
export async function decide(
  client: TrmClient,
  decisionId: string,
  body: DecisionCreateDTO,
  key: string,
): Promise<DecisionDTO | null> {
  const params = { path: { decisionId }, header: { "Idempotency-Key": key } };
  const answer = await client.POST("/v1/approvals/{decisionId}/decision", { params, body });
  return answer.response.status === 202 ? null : unwrap(answer);
}

/** Name of a person; their id where it is not written yet. */
export function nameQuery(client: TrmClient, personId: string) {
  return queryOptions({
    queryKey: ["person", personId, "name"],
    queryFn: async ({ signal }) => {
      const path = { personId };
      const person = unwrap(await client.GET("/v1/people/{personId}", { params: { path }, signal }));
      return "fullName" in person ? person.fullName : personId;
    },
  });
}
