import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useId, useMemo } from "react";
import type { TensionDTO, TensionStatus } from "trm-os-client";
import { useServices } from "@/data/api.ts";
import { FOLLOWING } from "@/data/lifecycle.ts";
import { mayChange } from "@/data/mine.ts";
import { together } from "@/data/placed.ts";
import { tensionsQuery } from "@/data/tensions.ts";
import { useMessages } from "@/messages/react.tsx";
import { Problem } from "@/ui/Problem.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { STATUS_WORDS } from "@/ui/tensions/words.ts";
import { VirtualRows } from "@/ui/VirtualRows.tsx";
import { Card } from "./Card.tsx";
import type { ViewProps } from "./view.ts";

/** Height of a card with the gap below it. */
export const ROW = 94;

interface Props extends Omit<ViewProps, "empty" | "say"> {
  status: TensionStatus;
  /** What the mouse holds. */
  dragged: TensionDTO | null;
  onDrag: (tension: TensionDTO | null) => void;
  onDrop: (to: TensionStatus) => void;
  /** Told whether anything was found; nothing while that is not known. */
  onFound: (status: TensionStatus, any?: boolean) => void;
}

/** What is in one state, read page by page as one scrolls. */
export function Column({ me, filters, status, dragged, onMove, onDrag, onDrop, onFound }: Props) {
  const { t } = useMessages();
  const { client } = useServices();
  const id = useId();
  const found = useInfiniteQuery(tensionsQuery(client, { ...filters, status }));
  const tensions = useMemo(() => together(found.data?.pages ?? []), [found.data]);
  const count = found.data ? tensions.length : -1;
  const any = found.data && count > 0;
  useEffect(() => onFound(status, any), [status, any, onFound]);
  const more = found.hasNextPage && !found.isFetching && !found.isFetchNextPageError;
  const takes = dragged !== null && dragged.status !== status;
  const fits = takes && FOLLOWING[dragged.status].includes(status);
  return (
    <section
      data-column={status}
      aria-labelledby={id}
      onDragOver={(event) => takes && event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        onDrop(status);
      }}
      className={`rounded outline-offset-4 outline-accent ${fits ? "outline-2 outline-dashed" : ""} flex w-72 max-w-[80vw] shrink-0 snap-start flex-col`}
    >
      <h2 id={id} className="mb-2 flex items-baseline gap-2 font-semibold">
        {t(STATUS_WORDS[status])}
        {count > 0 && (
          <span className="numbers text-13 font-normal text-soft">
            {count}
            {found.hasNextPage && "+"}
          </span>
        )}
      </h2>
      {found.isPending && <Skeleton rows={3} />}
      {found.error && (
        <Problem
          error={found.error}
          retry={() => void (found.isFetchNextPageError ? found.fetchNextPage() : found.refetch())}
        />
      )}
      {count === 0 && <p className="text-13 text-soft">{t("tensions.emptyColumn")}</p>}
      {count > 0 && (
        <VirtualRows
          label={t(STATUS_WORDS[status])}
          items={tensions}
          keyOf={(one) => one.id}
          estimate={ROW}
          className="max-h-[min(640px,max(24rem,calc(100dvh-18rem)))] pr-1"
          onEnd={more ? found.fetchNextPage : undefined}
        >
          {(one) => <Card tension={one} onDrag={onDrag} onMove={mayChange(me, one) ? onMove : undefined} />}
        </VirtualRows>
      )}
    </section>
  );
}
