import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useState } from "react";
import { type FeedEventDTO, TrmProblem, unwrap } from "trm-os-client";
import { useServices } from "@/data/api.ts";
import { outdate } from "@/data/outdate.ts";
import { feedQuery, keys } from "@/data/queries.ts";
import { tensionKeys } from "@/data/tensions.ts";
import { LiveFollower, type LiveState, Refused, type Socket } from "./follower.ts";
import { notYetIn } from "./merge.ts";
import { isTouched, tensionsIn, thingsIn } from "./touched.ts";

interface Live {
  state: LiveState;
  /** What was told since the feed was read, the oldest first. */
  events: FeedEventDTO[];
  retry: () => void;
}

/** Lists are read anew once for all that happens in so many milliseconds. */
const GATHERED = 2_000;
/** More than so many are read anew with the feed's pages. */
const MOST = 200;
const Context = createContext<Live>({ state: "connecting", events: [], retry: () => undefined });

export const useLive = (): Live => use(Context);

/** Follows what happens for as long as somebody is signed in. */
export function LiveProvider({ allowed, children }: { allowed: boolean; children: ReactNode }) {
  const { client, config } = useServices();
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>(allowed ? "connecting" : "refused");
  const [events, setEvents] = useState<FeedEventDTO[]>([]);
  const follower = useRef<LiveFollower | null>(null);

  useEffect(() => {
    if (!allowed) return;
    let lists: ReturnType<typeof setTimeout> | undefined;
    function touch(event: FeedEventDTO) {
      const things = thingsIn(event);
      void outdate(queries, { predicate: ({ queryKey, state }) => isTouched(queryKey, state.data, things) });
      const touched = tensionsIn(event);
      for (const id of touched) void outdate(queries, { queryKey: tensionKeys.one(id) });
      if (touched.length === 0 || lists) return;
      lists = setTimeout(() => {
        lists = undefined;
        void outdate(queries, { queryKey: tensionKeys.lists });
      }, GATHERED);
    }
    const one = new LiveFollower({
      ticket: async () => {
        try {
          return unwrap(await client.POST("/v1/liveTickets")).ticket;
        } catch (error) {
          if (error instanceof TrmProblem && error.problem.status === 403) throw new Refused();
          throw error;
        }
      },
      open: (query) => new WebSocket(`${config.api.replace(/^http/, "ws")}/ws/live?${query}`) as Socket,
      onEvent: (event) => {
        setEvents((before) => [...before, event]);
        touch(event);
        if (/^(DECISION|DELEGATION)_/.test(event.type)) void outdate(queries, { queryKey: keys.approvals });
        if (/^(DECISION|DELEGATION|TENSION)_/.test(event.type)) void outdate(queries, { queryKey: keys.me });
      },
      onFresh: () => void outdate(queries),
      onState: setState,
    });
    follower.current = one;
    const wake = () => {
      if (document.visibilityState === "visible") one.wake();
    };
    document.addEventListener("visibilitychange", wake);
    const lose = () => one.lose();
    addEventListener("online", wake);
    addEventListener("offline", lose);
    one.start();
    return () => {
      document.removeEventListener("visibilitychange", wake);
      removeEventListener("online", wake);
      removeEventListener("offline", lose);
      clearTimeout(lists);
      one.stop();
    };
  }, [allowed, client, config.api, queries]);

  const many = Math.floor(events.length / MOST);
  useEffect(() => {
    if (many === 0) return;
    void outdate(queries, { queryKey: keys.feed }).then(() => {
      const read = queries.getQueryData(feedQuery(client).queryKey)?.pages.flatMap((page) => page.items) ?? [];
      setEvents((before) => notYetIn(read, before));
    });
  }, [many, client, queries]);

  const live = useMemo<Live>(() => ({ state, events, retry: () => follower.current?.wake() }), [state, events]);
  return <Context value={live}>{children}</Context>;
}
