import { Link } from "@tanstack/react-router";
import type { DecisionDTO } from "trm-os-client";
import { useMessages } from "@/messages/react.tsx";
import { lookOf } from "@/ui/kinds.ts";
import { When } from "@/ui/When.tsx";
import { KINDS, POLICIES } from "./words.ts";

const HERE = { className: "bg-sunk", "aria-current": "true" } as const;

/** A decision in the list; it leads to its own page. */
export function DecisionRow({ decision }: { decision: DecisionDTO }) {
  const { t } = useMessages();
  const { icon: Icon, hue } = lookOf(decision.subject.label);
  return (
    <li>
      <Link
        to="/decisions/$decisionId"
        params={{ decisionId: decision.id }}
        search={true}
        resetScroll={false}
        data-row=""
        className="flex gap-3 px-2 py-3 hover:bg-sunk focus-visible:-outline-offset-2"
        activeProps={HERE}
      >
        <Icon size={20} className="mt-0.5 shrink-0" style={{ color: hue }} aria-hidden="true" />
        <span className="min-w-0 grow">
          <span className="flex flex-wrap justify-between gap-x-4 text-13 text-soft">
            <span>{KINDS[decision.kind] ? t(KINDS[decision.kind]) : decision.kind}</span>
            <When at={decision.askedAt ?? decision.createdAt} />
          </span>
          <span dir="auto" className="line-clamp-3 break-words font-medium">
            {decision.question}
          </span>
          <span className="flex flex-wrap gap-x-4 break-words text-13 text-soft">
            {decision.deadline && <When at={decision.deadline} within="decisions.until" />}
            {decision.deadline && decision.policy && <span>{t(POLICIES[decision.policy])}</span>}
          </span>
        </span>
      </Link>
    </li>
  );
}
