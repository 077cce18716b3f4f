import { useInfiniteQuery } from "@tanstack/react-query";
import { Fragment, useMemo } from "react";
import { useServices } from "@/data/api.ts";
import { feedQuery } from "@/data/queries.ts";
import { useLive } from "@/live/LiveProvider.tsx";
import { lineAt, merged } from "@/live/merge.ts";
import { dayAndTime } from "@/messages/dates.ts";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "@/ui/Button.tsx";
import { Problem } from "@/ui/Problem.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { FeedItem } from "./FeedItem.tsx";
import { useLastVisit } from "./visits.ts";

/** Where nothing is told live it is asked for. */
const POLLED = 60_000;

/** What happened, the newest first, as it happens; a line where the reader's last visit ended. */
export function Feed({ reader }: { reader: string }) {
  const { t, language } = useMessages();
  const { client } = useServices();
  const { events, state } = useLive();
  const feed = useInfiniteQuery({ ...feedQuery(client), refetchInterval: state === "live" ? false : POLLED });
  const since = useLastVisit(reader);
  const shown = useMemo(
    () => merged(events, feed.data?.pages.flatMap((page) => page.items) ?? []),
    [events, feed.data],
  );
  const line = lineAt(shown, since);

  if (feed.isPending) return <Skeleton rows={6} />;
  if (feed.error && !feed.data) return <Problem error={feed.error} retry={() => void feed.refetch()} />;
  if (shown.length === 0) return <p className="mt-2 max-w-[72ch] text-soft">{t("home.feedEmpty")}</p>;
  return (
    <>
      <ol className="mt-2">
        {shown.map((event, place) => (
          <Fragment key={event.id}>
            {place === line && since && (
              <li className="flex items-center gap-3 py-2 text-13 text-accent">
                <span className="h-px grow bg-accent opacity-40" />
                {t("home.since", { when: dayAndTime(since, new Date(), language) })}
                <span className="h-px grow bg-accent opacity-40" />
              </li>
            )}
            <FeedItem event={event} />
          </Fragment>
        ))}
      </ol>
      {feed.isFetchNextPageError && <Problem error={feed.error} retry={() => void feed.fetchNextPage()} />}
      {feed.hasNextPage && (
        <Button className="mt-4" disabled={feed.isFetchingNextPage} onClick={() => void feed.fetchNextPage()}>
          {t("home.older")}
        </Button>
      )}
    </>
  );
}
