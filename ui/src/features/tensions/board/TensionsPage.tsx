import { Link, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback, useState } from "react";
import type { MeDTO, TensionDTO, TensionStatus } from "trm-os-client";
import { offers } from "@/data/scopes.ts";
import type { TensionFilters } from "@/data/tensions.ts";
import { useMessages } from "@/messages/react.tsx";
import { Allowed } from "@/ui/Allowed.tsx";
import { Page } from "@/ui/Page.tsx";
import { Board } from "./Board.tsx";
import { Filters } from "./Filters.tsx";
import { ListView } from "./ListView.tsx";
import { MoveDialog } from "./MoveDialog.tsx";
import { filtersOf, isFiltered } from "./search.ts";

/** Tensions as a board or a list. */
export function TensionsPage() {
  return <Allowed part="tensions">{(me) => <Tensions me={me} />}</Allowed>;
}

function Tensions({ me }: { me: MeDTO }) {
  const { t } = useMessages();
  const search = useSearch({ from: "/tensions" });
  const filters = filtersOf(search, me);
  const reports = offers(me.scopes, "report");
  return (
    <Page title={t("nav.tensions")} wide>
      <Filters search={search} />
      {filters ? (
        <Shown me={me} filters={filters} list={search.view === "list"} empty={<Empty {...{ search, reports }} />} />
      ) : (
        <p className="mt-6 max-w-[72ch] text-soft">{t("tensions.nobodyYet")}</p>
      )}
    </Page>
  );
}

interface ShownProps {
  me: MeDTO;
  filters: TensionFilters;
  list: boolean;
  empty: ReactNode;
}

function Shown({ me, filters, list, empty }: ShownProps) {
  const [moved, setMoved] = useState<{ tension: TensionDTO; to?: TensionStatus | undefined } | null>(null);
  const [outcome, say] = useState("");
  const writes = offers(me.scopes, "report");
  const onMove = useCallback((tension: TensionDTO, to?: TensionStatus) => setMoved({ tension, to }), []);
  const View = list ? ListView : Board;
  return (
    <>
      <p role="status" className="min-h-6 text-13 text-accent">
        {outcome}
      </p>
      <View me={me} filters={filters} onMove={writes ? onMove : undefined} say={say} empty={empty} />
      {moved && <MoveDialog {...moved} filters={filters} say={say} onClose={() => setMoved(null)} />}
    </>
  );
}

/** What stands where there is nothing: what a tension is, and what one can do. */
function Empty({ search, reports }: { search: Parameters<typeof isFiltered>[0]; reports: boolean }) {
  const { t } = useMessages();
  return (
    <div className="mt-4 max-w-[72ch]">
      <p className="text-soft">{isFiltered(search) ? t("tensions.noneSuch") : t("tensions.none")}</p>
      {isFiltered(search) ? (
        <Link to="/tensions" search={{ view: search.view }} className="mt-2 inline-block text-accent underline">
          {t("tensions.showAll")}
        </Link>
      ) : (
        reports && (
          <Link to="/tensions/new" className="mt-2 inline-block text-accent underline">
            {t("report.title")}
          </Link>
        )
      )}
    </div>
  );
}
