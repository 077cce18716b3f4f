import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type DecisionKind, type TrmClient, unwrap } from "trm-os-client";
import { mayPass } from "./api.ts";

export const keys = { me: ["me"], approvals: ["approvals"], feed: ["feed"] } as const;

/** Nothing is shown before this is known: it is tried again by itself. */
const TRIED_EVERY = 10_000;

/** Who I am, what I may, and how much waits for me. */
export function meQuery(client: TrmClient) {
  return queryOptions({
    queryKey: keys.me,
    queryFn: async ({ signal }) => unwrap(await client.GET("/v1/me", { signal })),
    refetchInterval: ({ state: { status, error } }) => (status === "error" && mayPass(error) ? TRIED_EVERY : false),
  });
}

/** Decisions that wait for me, of a kind or of all, the newest first. */
export function approvalsQuery(client: TrmClient, kind?: DecisionKind) {
  return infiniteQueryOptions({
    queryKey: [...keys.approvals, "inbox", kind ?? "all"],
    queryFn: async ({ pageParam, signal }) => {
      const of = { ...(kind ? { kind } : {}), ...(pageParam ? { cursor: pageParam } : {}) };
      const query = { mine: true, status: "Pending" as const, ...of };
      return unwrap(await client.GET("/v1/approvals", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** What happened, the newest first; what happens since is told live, so it does not grow old by itself. */
export function feedQuery(client: TrmClient) {
  return infiniteQueryOptions({
    queryKey: keys.feed,
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: 30, ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(await client.GET("/v1/feed", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
