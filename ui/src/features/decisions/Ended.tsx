import { Check, Clock, X } from "lucide-react";
import type { ReactNode } from "react";
import type { DecisionDTO } from "trm-os-client";
import type { MessageKey } from "@/messages/catalogue.ts";
import { useMessages } from "@/messages/react.tsx";
import { When } from "@/ui/When.tsx";
import { FieldLabel, OptionName } from "./FieldWords.tsx";
import type { Field } from "./fields.ts";
import { STATUSES } from "./words.ts";

const ICONS = { Approved: Check, Rejected: X, Expired: Clock, Pending: Clock } as const;

const FOLLOWED: Record<NonNullable<DecisionDTO["followed"]>, MessageKey> = {
  Due: "ended.due",
  Done: "ended.done",
  Refused: "ended.refused",
};

interface Props {
  decision: DecisionDTO;
  fields: Field[];
  /** A reason that was typed, and not sent before it was decided. */
  unsent: string;
}

/** How a decision ended: by whom, why, with which answer, and what became of it. */
export function Ended({ decision, fields, unsent }: Props) {
  const { t } = useMessages();
  const Icon = ICONS[decision.status];
  const taken = decision.recordedBy.find((one) => one.type === "DECISION_TAKEN")?.occurredAt;
  const answered = fields.filter((field) => decision.answer?.[field.name] != null);
  return (
    <section className="mt-6 border-t border-line pt-4">
      <h3 className="flex items-center gap-2 font-medium">
        <Icon size={18} className="text-accent" aria-hidden="true" />
        {t(STATUSES[decision.status])}
      </h3>
      <p className="break-words text-soft">
        <By decision={decision} /> {taken && <When at={taken} />}
      </p>
      {decision.reason && (
        <p dir="auto" className="mt-2 max-w-[72ch] whitespace-pre-wrap break-words">
          {decision.reason}
        </p>
      )}
      {answered.length > 0 && (
        <dl className="mt-2">
          {answered.map((field) => (
            <div key={field.name} className="flex flex-wrap gap-x-4">
              <dt className="text-soft">
                <FieldLabel field={field} />
              </dt>
              <dd className="min-w-0 break-words">{shownValue(field, decision.answer?.[field.name])}</dd>
            </div>
          ))}
        </dl>
      )}
      {decision.followed && (
        <p className="mt-2 break-words text-soft">
          {t(FOLLOWED[decision.followed])} {decision.followReason}
        </p>
      )}
      {unsent.trim() && (
        <div className="mt-4 border-l-2 border-line pl-4">
          <p className="text-13 text-soft">{t("ended.unsent")}</p>
          <p dir="auto" className="max-w-[72ch] whitespace-pre-wrap break-words">
            {unsent}
          </p>
        </div>
      )}
    </section>
  );
}

function By({ decision }: { decision: DecisionDTO }) {
  const { t } = useMessages();
  const { decidedAs, decidedBy, decidedFor } = decision;
  if (decidedAs === "Policy") return t("ended.policy");
  if (!decidedBy) return t(decidedAs === "Operator" ? "ended.operator" : "ended.somebody");
  const who = decidedBy.fullName;
  if (decidedAs === "Delegate" && decidedFor) return t("ended.delegate", { who, whom: decidedFor.fullName });
  return decidedAs === "Operator" ? t("ended.byOperator", { who }) : t("ended.by", { who });
}

function shownValue(field: Field, value: unknown): ReactNode {
  const option = field.is === "choice" ? field.options.find((one) => one.value === value) : undefined;
  if (option) return <OptionName field={field} option={option} />;
  return <bdi>{typeof value === "string" ? value : JSON.stringify(value)}</bdi>;
}
