import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type RecognitionDTO, type TrmClient, unwrap, type WriteReceiptDTO } from "trm-os-client";

/** What the queries of recognitions are known by; behind it stands which one. */
export const recognitionKey = "recognition";

/** Milliseconds until it is asked again how far a write is. */
export const ASKED_EVERY = 700;

/** One recognition, or how far its write is; asked again until it stands. */
export function recognitionQuery(client: TrmClient, recognitionId: string) {
  return queryOptions({
    queryKey: [recognitionKey, recognitionId],
    queryFn: async ({ signal }): Promise<RecognitionDTO | WriteReceiptDTO> => {
      const path = { recognitionId };
      return unwrap(await client.GET("/v1/recognitions/{recognitionId}", { params: { path }, signal }));
    },
    refetchInterval: ({ state: { data } }) => (data?.writeStatus === "pending" ? ASKED_EVERY : false),
  });
}

/** The revisions of a recognition, the newest first. */
export function recognitionHistoryQuery(client: TrmClient, recognitionId: string) {
  return infiniteQueryOptions({
    queryKey: [recognitionKey, recognitionId, "history"],
    queryFn: async ({ pageParam, signal }) => {
      const params = { path: { recognitionId }, query: pageParam ? { before: pageParam } : {} };
      return unwrap(await client.GET("/v1/recognitions/{recognitionId}/history", { params, signal }));
    },
    initialPageParam: 0,
    getNextPageParam: (page) => page.nextBefore ?? undefined,
  });
}
