import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useServices } from "@/data/api.ts";
import { mayChange } from "@/data/mine.ts";
import { together } from "@/data/placed.ts";
import { tensionsQuery } from "@/data/tensions.ts";
import { useMessages } from "@/messages/react.tsx";
import { Problem } from "@/ui/Problem.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { VirtualRows } from "@/ui/VirtualRows.tsx";
import { Card } from "./Card.tsx";
import { ROW } from "./Column.tsx";
import type { ViewProps } from "./view.ts";

/** All of them, the newest first. */
export function ListView({ me, filters, onMove, empty }: ViewProps) {
  const { t } = useMessages();
  const { client } = useServices();
  const found = useInfiniteQuery(tensionsQuery(client, filters));
  const tensions = useMemo(() => together(found.data?.pages ?? []), [found.data]);
  if (found.isPending) return <Skeleton rows={6} />;
  if (found.error && !found.data) return <Problem error={found.error} retry={() => void found.refetch()} />;
  if (tensions.length === 0) return empty;
  const more = found.hasNextPage && !found.isFetching && !found.isFetchNextPageError;
  return (
    <>
      <VirtualRows
        label={t("nav.tensions")}
        items={tensions}
        keyOf={(one) => one.id}
        estimate={ROW}
        className="max-h-[max(24rem,calc(100dvh-18rem))] max-w-240 pr-1"
        onEnd={more ? found.fetchNextPage : undefined}
      >
        {(one) => <Card tension={one} withStatus onMove={mayChange(me, one) ? onMove : undefined} />}
      </VirtualRows>
      {found.isFetchNextPageError && <Problem error={found.error} retry={() => void found.fetchNextPage()} />}
    </>
  );
}
