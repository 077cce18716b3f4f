import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { DecisionDTO, MeDTO } from "trm-os-client";
import { useServices } from "@/data/api.ts";
import { approvalsQuery } from "@/data/queries.ts";
import { useLive } from "@/live/LiveProvider.tsx";
import { useMessages } from "@/messages/react.tsx";
import { Allowed } from "@/ui/Allowed.tsx";
import { Button } from "@/ui/Button.tsx";
import { Page } from "@/ui/Page.tsx";
import { Problem } from "@/ui/Problem.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { useWide } from "@/ui/wide.ts";
import { DecisionList } from "./DecisionList.tsx";
import { DecisionPane } from "./DecisionPane.tsx";
import { KindFilter } from "./KindFilter.tsx";
import { type Said, SaidLine } from "./SaidLine.tsx";

/** Where nothing is told live it is asked for. */
const POLLED = 60_000;
/** Beside the form the list stays in sight, and scrolls by itself. */
const COLUMN = "lg:sticky lg:top-0 lg:-m-1 lg:max-h-dvh lg:overflow-y-auto lg:p-1";

/** What waits for my answer, and the one that is chosen; the one may be any that I can read. */
export function DecisionsPage() {
  return <Allowed part="decisions">{(me) => <Inbox me={me} />}</Allowed>;
}

function Inbox({ me }: { me: MeDTO }) {
  const { t } = useMessages();
  const { client } = useServices();
  const { kind } = useSearch({ from: "/decisions" });
  const { decisionId } = useParams({ strict: false });
  const navigate = useNavigate();
  const polled = useLive().state === "live" ? false : POLLED;
  const found = useInfiniteQuery({ ...approvalsQuery(client, kind), refetchInterval: polled });
  const listed = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  const [said, setSaid] = useState<Said | null>(null);
  const open = useRef(decisionId);
  open.current = decisionId;
  const wide = useWide();
  useFirstChosen(wide, listed, decisionId);
  useFocusOn(decisionId);

  function onDecided(one: Said, next: string | null) {
    setSaid(one);
    if (open.current !== one.id) return;
    if (next)
      void navigate({ to: "/decisions/$decisionId", params: { decisionId: next }, search: true, replace: true });
    else focusQuestion();
  }

  return (
    <Page title={t("decisions.title")} lead={wide || !decisionId ? t("decisions.lead") : undefined} wide>
      <SaidLine said={said} shown={decisionId} />
      <div className="mt-4 gap-8 lg:grid lg:grid-cols-[minmax(18rem,26rem)_minmax(0,1fr)]">
        <div className={`${decisionId ? "max-lg:hidden" : ""} ${COLUMN}`}>
          {(kind || listed.length > 1) && <KindFilter kind={kind} />}
          <Listed found={found} decisions={listed} filtered={kind !== undefined} />
        </div>
        {decisionId && (
          <div className="min-w-0 max-w-[80ch]">
            <Link to="/decisions" search={true} className="mb-4 inline-flex items-center gap-2 text-accent lg:hidden">
              <ArrowLeft size={16} aria-hidden="true" />
              {t("decisions.back")}
            </Link>
            <DecisionPane
              key={decisionId}
              id={decisionId}
              me={me}
              listed={listed}
              listing={found.isPending}
              onDecided={onDecided}
            />
          </div>
        )}
      </div>
    </Page>
  );
}

/** Where list and form stand side by side, one is always open. */
function useFirstChosen(wide: boolean, listed: DecisionDTO[], decisionId: string | undefined) {
  const navigate = useNavigate();
  const first = listed[0]?.id;
  useEffect(() => {
    if (!wide || decisionId || !first) return;
    void navigate({ to: "/decisions/$decisionId", params: { decisionId: first }, search: true, replace: true });
  }, [wide, decisionId, first, navigate]);
}

/** Once what is shown now stands there. */
function focusQuestion() {
  requestAnimationFrame(() => document.getElementById("question")?.focus());
}

/** Whoever goes from one to another reads on at its question. */
function useFocusOn(decisionId: string | undefined) {
  const before = useRef(decisionId);
  useEffect(() => {
    if (decisionId && before.current && decisionId !== before.current) focusQuestion();
    before.current = decisionId;
  }, [decisionId]);
}

interface ListedProps {
  found: ReturnType<typeof useInfiniteQuery>;
  decisions: DecisionDTO[];
  filtered: boolean;
}

function Listed({ found, decisions, filtered }: ListedProps) {
  const { t } = useMessages();
  if (found.isPending) return <Skeleton rows={5} />;
  if (found.error && !found.data) return <Problem error={found.error} retry={() => void found.refetch()} />;
  if (decisions.length === 0)
    return <p className="max-w-[72ch] text-soft">{t(filtered ? "decisions.emptyKind" : "decisions.empty")}</p>;
  return (
    <>
      <DecisionList decisions={decisions} />
      {found.isFetchNextPageError && <Problem error={found.error} retry={() => void found.fetchNextPage()} />}
      {found.hasNextPage && (
        <Button className="mt-4" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("decisions.more")}
        </Button>
      )}
    </>
  );
}
