import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import {
  type TensionDTO,
  type TensionKind,
  type TensionStatus,
  type TensionTransitionDTO,
  type TrmClient,
  unwrap,
  type WriteReceiptDTO,
} from "trm-os-client";
import { Stale } from "./attempts.ts";

/** What the queries of tensions are known by; what is known of one begins with its own. */
export const tensionKeys = {
  one: (id: string) => ["tension", id] as const,
  comments: (id: string) => ["tension", id, "comments"] as const,
  lists: ["tensions"] as const,
};

/** A tension with the tag of its revision, or how far its write is. */
export type TensionRead = { tension: TensionDTO; etag: string } | { receipt: WriteReceiptDTO };

interface Answered {
  data?: TensionDTO | WriteReceiptDTO;
  error?: unknown;
  response: Response;
}

/** What was answered, of a read and of a change alike. */
export function readOf(answer: Answered): TensionRead {
  const said = unwrap(answer);
  if (said.writeStatus !== "written") return { receipt: said };
  return { tension: said, etag: answer.response.headers.get("ETag") ?? "" };
}

const ASKED_EVERY = 700;

async function readOne(client: TrmClient, tensionId: string, signal?: AbortSignal): Promise<TensionRead> {
  const asked = { params: { path: { tensionId } }, ...(signal ? { signal } : {}) };
  return readOf(await client.GET("/v1/tensions/{tensionId}", asked));
}

/** One tension; asked again for as long as it is being written. */
export function tensionQuery(client: TrmClient, id: string) {
  return queryOptions({
    queryKey: tensionKeys.one(id),
    queryFn: ({ signal }) => readOne(client, id, signal),
    refetchInterval: ({ state }) => {
      const waits = state.data && "receipt" in state.data && state.data.receipt.writeStatus === "pending";
      return waits ? ASKED_EVERY : false;
    },
  });
}

/** What was said about a tension, the oldest first. */
export function commentsQuery(client: TrmClient, tensionId: string) {
  return infiniteQueryOptions({
    queryKey: tensionKeys.comments(tensionId),
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) };
      const params = { path: { tensionId }, query };
      return unwrap(await client.GET("/v1/tensions/{tensionId}/comments", { params, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** Which tensions a list is of. */
export interface TensionFilters {
  status?: TensionStatus;
  severity?: 1 | 2 | 3 | 4;
  kind?: TensionKind;
  text?: string;
  ownerId?: string;
  detectorId?: string;
  supportedByMe?: true;
}

/** Tensions, the newest first, page by page. */
export function tensionsQuery(client: TrmClient, filters: TensionFilters) {
  return infiniteQueryOptions({
    queryKey: [...tensionKeys.lists, filters] as const,
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: 50, ...filters, ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(await client.GET("/v1/tensions", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** A tension as somebody sees it; without a tag where it stands in a list. */
export interface Seen {
  tension: TensionDTO;
  etag?: string | undefined;
}

/** Moves a tension from the state in which it is seen.
 *
 * @throws Stale it is in another state by now
 */
export async function move(client: TrmClient, seen: Seen, body: TensionTransitionDTO, key: string) {
  const tensionId = seen.tension.id;
  const etag = seen.etag ?? (await tagOf(client, seen.tension));
  const header = { "Idempotency-Key": key, "If-Match": etag };
  const params = { path: { tensionId }, header };
  return readOf(await client.POST("/v1/tensions/{tensionId}/transitions", { params, body }));
}

async function tagOf(client: TrmClient, seen: TensionDTO): Promise<string> {
  const now = await readOne(client, seen.id);
  if (!("tension" in now) || now.tension.status !== seen.status) throw new Stale();
  return now.etag;
}

/** Says how severe a tension is. */
export async function rate(
  client: TrmClient,
  id: string,
  body: { severity: 1 | 2 | 3 | 4; reason: string },
  key: string,
) {
  const params = { path: { tensionId: id }, header: { "Idempotency-Key": key } };
  return readOf(await client.POST("/v1/tensions/{tensionId}/severity", { params, body }));
}

/** Says that one feels a tension too, or no more. */
export async function support(client: TrmClient, id: string, body: { felt: boolean }, key: string) {
  const params = { path: { tensionId: id }, header: { "Idempotency-Key": key } };
  return readOf(await client.PUT("/v1/tensions/{tensionId}/support", { params, body }));
}

/** Says something about a tension; tells whether it stands already. */
export async function comment(client: TrmClient, id: string, body: { text: string }, key: string): Promise<boolean> {
  const params = { path: { tensionId: id }, header: { "Idempotency-Key": key, Prefer: "wait=5" } };
  const said = unwrap(await client.POST("/v1/tensions/{tensionId}/comments", { params, body }));
  return said.writeStatus === "written";
}
