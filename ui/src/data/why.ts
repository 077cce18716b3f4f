import { queryOptions } from "@tanstack/react-query";
import { type TrmClient, unwrap, type WhyDTO, type WhyReceiptDTO } from "trm-os-client";

/** What the queries of causes are known by; behind it stands what is asked about. */
export const whyKey = "why";

/** What is asked about: a thing, or a relation from one to another. */
export type Asked = { id: string } | { id: string; type: string; targetId: string };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TYPE = /^[A-Z][A-Z_]{0,63}$/;

/** What an address asks about, `<id>` or `<id>/<TYPE>/<id>`; null where it asks about nothing that there could be. */
export function askedOf(said: unknown): Asked | null {
  const [id = "", type, targetId = "", ...more] = typeof said === "string" ? said.split("/") : [];
  if (!UUID.test(id) || more.length > 0) return null;
  if (type === undefined) return { id };
  return TYPE.test(type) && UUID.test(targetId) ? { id, type, targetId } : null;
}

/** What the address of any page says: why of what is open beside it. */
export function whySearch(search: Record<string, unknown>): { why?: string | undefined } {
  return { why: askedOf(search.why) ? String(search.why) : undefined };
}

const ASKED_EVERY = 1_000;

/** Whether it does not stand in the graph: an accepted write. */
export function isReceipt(said: WhyDTO | WhyReceiptDTO): said is WhyReceiptDTO {
  return "writeStatus" in said;
}

/** Everything that made a thing so; asked again for as long as it is being written. */
export function whyQuery(client: TrmClient, id: string) {
  return queryOptions({
    queryKey: [whyKey, id],
    queryFn: async ({ signal }): Promise<WhyDTO | WhyReceiptDTO> =>
      unwrap(await client.GET("/v1/why/{id}", { params: { path: { id } }, signal })),
    refetchInterval: ({ state: { data } }) =>
      data && isReceipt(data) && data.writeStatus === "pending" ? ASKED_EVERY : false,
  });
}

/** Every time a relation held. */
export function whyRelationQuery(client: TrmClient, path: { id: string; type: string; targetId: string }) {
  return queryOptions({
    queryKey: [whyKey, path.id, path.type, path.targetId],
    queryFn: async ({ signal }) =>
      unwrap(await client.GET("/v1/why/{id}/{type}/{targetId}", { params: { path }, signal })),
  });
}
