import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useServices } from "@/data/api.ts";
import { approvalsQuery, meQuery } from "@/data/queries.ts";
import { offers, PARTS } from "@/data/scopes.ts";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "@/ui/Button.tsx";
import { Page } from "@/ui/Page.tsx";
import { Problem } from "@/ui/Problem.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { DecisionRow } from "./DecisionRow.tsx";

/** What waits for my answer. */
export function DecisionsPage() {
  const { t } = useMessages();
  const { client } = useServices();
  const me = useQuery(meQuery(client)).data;
  if (!me) return null;
  if (!offers(me.scopes, "decisions")) {
    return (
      <Page title={t("notAllowed.title")} lead={t("notAllowed.text", { scope: PARTS.decisions[0] })} children={null} />
    );
  }
  return (
    <Page title={t("decisions.title")} lead={t("decisions.lead")}>
      <List />
    </Page>
  );
}

function List() {
  const { t } = useMessages();
  const { client } = useServices();
  const found = useInfiniteQuery(approvalsQuery(client));
  if (found.isPending) return <Skeleton rows={5} />;
  if (found.error && !found.data) return <Problem error={found.error} retry={() => void found.refetch()} />;
  const decisions = found.data.pages.flatMap((page) => page.items);
  if (decisions.length === 0) return <p className="mt-6 max-w-[72ch] text-soft">{t("decisions.empty")}</p>;
  return (
    <>
      <ul className="mt-4 divide-y divide-line border-y border-line">
        {decisions.map((decision) => (
          <DecisionRow key={decision.id} decision={decision} />
        ))}
      </ul>
      {found.isFetchNextPageError && <Problem error={found.error} retry={() => void found.fetchNextPage()} />}
      {found.hasNextPage && (
        <Button className="mt-4" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("decisions.more")}
        </Button>
      )}
    </>
  );
}
