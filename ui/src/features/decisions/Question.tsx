import type { ReactNode } from "react";
import type { DecisionDTO, MeDTO, PersonBriefDTO } from "trm-os-client";
import { isMe } from "@/data/mine.ts";
import { useMessages } from "@/messages/react.tsx";
import { lookOf } from "@/ui/kinds.ts";
import { When } from "@/ui/When.tsx";
import { AUTHORITIES, KINDS, POLICIES, STATUSES, SUBJECTS } from "./words.ts";

interface Props {
  decision: DecisionDTO;
  me: MeDTO;
  /** Stands under the question. */
  children?: ReactNode;
}

/** What is asked, about what, by and of whom, until when and what becomes of it then. */
export function Question({ decision, me, children }: Props) {
  const { t, language } = useMessages();
  const { subject, proposedBy, asked, authorities, deadline, policy, remindAt, escalateAt } = decision;
  const { icon: Icon, hue } = lookOf(subject.label);
  const word = SUBJECTS[subject.label];
  const pending = decision.status === "Pending";
  const nameOf = (one: PersonBriefDTO) => (isMe(me, one.id) ? t("decision.you", { name: one.fullName }) : one.fullName);
  const others = asked.filter((one) => one.id !== proposedBy?.id); // nobody decides what they proposed
  const those = authorities.map((one) => {
    const known = AUTHORITIES[one];
    return known ? t(known) : t("authority.other", { name: one });
  });
  const who = new Intl.ListFormat(language, { type: "disjunction" }).format([...others.map(nameOf), ...those]);
  return (
    <>
      <p className="text-13 text-soft">
        {KINDS[decision.kind] ? t(KINDS[decision.kind]) : decision.kind} · {t(STATUSES[decision.status])}
      </p>
      <h2 id="question" tabIndex={-1} dir="auto" className="break-words text-18 font-semibold outline-none">
        {decision.question}
      </h2>
      {children}
      <dl className="mt-3 grid gap-x-4 gap-y-1 sm:grid-cols-[max-content_minmax(0,1fr)]">
        <Fact name={t("decision.about")}>
          <span className="inline-flex max-w-full items-start gap-2">
            <Icon size={18} className="mt-0.5 shrink-0" style={{ color: hue }} aria-hidden="true" />
            <span className="min-w-0 break-words">
              <span className="text-soft">{word ? t(word) : subject.label}</span>{" "}
              <bdi>{subject.name ?? t("decision.unnamed")}</bdi>
            </span>
          </span>
        </Fact>
        <Fact name={t("decision.askedBy")}>
          <bdi>{proposedBy ? nameOf(proposedBy) : t("someone.agent")}</bdi>,{" "}
          <When at={decision.askedAt ?? decision.createdAt} />
        </Fact>
        <Fact name={t("decision.mayDecide")}>{who || t("decision.nobody")}</Fact>
        {pending && deadline && (
          <Fact name={t("decision.deadline")}>
            <When at={deadline} />
            {policy && <span className="text-soft"> · {t(POLICIES[policy])}</span>}
          </Fact>
        )}
        {pending && (decision.reminded || remindAt) && (
          <Fact name={t("decision.reminder")}>
            {decision.reminded || !remindAt ? t("decision.reminded") : <When at={remindAt} />}
          </Fact>
        )}
        {pending && escalateAt && (
          <Fact name={t("decision.escalation")}>
            <When at={escalateAt} within="decision.escalated" ahead="decision.escalates" />
          </Fact>
        )}
      </dl>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-soft max-sm:mt-1 max-sm:text-13">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
