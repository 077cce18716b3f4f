import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { MeDTO } from "trm-os-client";
import { useServices } from "@/data/api.ts";
import { approvalsQuery } from "@/data/queries.ts";
import { offers } from "@/data/scopes.ts";
import { useMessages } from "@/messages/react.tsx";
import { Problem } from "@/ui/Problem.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { When } from "@/ui/When.tsx";

/** Counts of what waits, and the newest of the decisions. */
export function Waiting({ me }: { me: MeDTO }) {
  const { t } = useMessages();
  const decides = offers(me.scopes, "decisions");
  const counts = [
    me.tensionsOwned > 0 && t("home.tensionsOwned", { count: me.tensionsOwned }),
    me.tensionsEscalated > 0 && t("home.tensionsEscalated", { count: me.tensionsEscalated }),
    me.tasksDue > 0 && t("home.tasksDue", { count: me.tasksDue }),
    me.projectsDue > 0 && t("home.projectsDue", { count: me.projectsDue }),
    decides && me.decisionsAsked > 0 && t("home.decisionsAsked", { count: me.decisionsAsked }),
  ].filter((text) => text !== false);
  return (
    <>
      {counts.length === 0 && <p className="mt-2 text-soft">{t("home.nothingWaits")}</p>}
      <ul className="mt-2">
        {counts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      {decides && me.decisionsAsked > 0 && <Newest />}
    </>
  );
}

const SHOWN = 3;

function Newest() {
  const { t } = useMessages();
  const { client } = useServices();
  const { data, isPending, error, refetch } = useInfiniteQuery(approvalsQuery(client));
  if (isPending) return <Skeleton rows={SHOWN} />;
  if (error && !data) return <Problem error={error} retry={() => void refetch()} />;
  return (
    <>
      <ul className="mt-3 divide-y divide-line border-y border-line">
        {data.pages
          .flatMap((page) => page.items)
          .slice(0, SHOWN)
          .map((decision) => (
            <li key={decision.id} className="flex flex-wrap justify-between gap-x-4 py-3">
              <Link
                to="/decisions/$decisionId"
                params={{ decisionId: decision.id }}
                dir="auto"
                className="min-w-0 break-words hover:underline"
              >
                {decision.question}
              </Link>
              <span className="text-13 text-soft">
                <When at={decision.askedAt ?? decision.createdAt} />
              </span>
            </li>
          ))}
      </ul>
      <Link to="/decisions" className="mt-3 inline-block text-accent underline">
        {t("home.allDecisions")}
      </Link>
    </>
  );
}
