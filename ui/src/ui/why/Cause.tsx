import { Link } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import type { CauseDTO } from "trm-os-client";
import { type Translate, useMessages } from "@/messages/react.tsx";
import { receiversOf, sentenceOf } from "@/ui/things/sentences.ts";
import { agentWord } from "@/ui/things/words.ts";
import { When } from "@/ui/When.tsx";
import type { Related } from "./happenings.ts";
import { asking, deeper } from "./opened.ts";

/** An event in words: what happened, when, by whom and for whom, why, which run wrote it, and what it follows from. */
export function Cause({ cause, made = [] }: { cause: CauseDTO; made?: readonly Related[] }) {
  const { t, language } = useMessages();
  const whom = new Intl.ListFormat(language).format(receiversOf(made));
  const agent = cause.agent ? agentWord(cause.agent) : null;
  const apart = Math.abs(Date.parse(cause.recordedAt) - Date.parse(cause.occurredAt)) > LATER;
  return (
    <>
      <p className="flex flex-wrap justify-between gap-x-4">
        <span className="min-w-0 break-words">{t(sentenceOf(cause.type, made), { who: whoOf(cause, t), whom })}</span>
        <span className="text-13 text-soft">
          <When at={cause.recordedAt} />
        </span>
      </p>
      {cause.reason && (
        <p dir="auto" className="break-words">
          {t("home.because", { reason: cause.reason })}
        </p>
      )}
      <div className="text-13 text-soft">
        {apart && (
          <p>
            <When at={cause.occurredAt} within="why.happenedAt" />
          </p>
        )}
        <p className="break-words">{sender(cause, t)}</p>
        {cause.agent && (
          <p className="break-words">
            {t("why.agent", { agent: agent ? t(agent) : cause.agent })}
            {(cause.attempt ?? 1) > 1 && `, ${t("why.attempt", { count: cause.attempt ?? 1 })}`}
          </p>
        )}
        <p className="flex flex-wrap gap-x-4">
          <Elsewhere href={cause.links.run} word={t("why.run")} />
          <Elsewhere href={cause.links.trace} word={t("why.trace")} />
          {cause.cause && <Before event={cause.cause} />}
        </p>
        <details>
          <summary className="w-fit underline decoration-dotted">{t("why.details")}</summary>
          <p className="break-all">
            {t("why.eventId")} <code>{cause.type}</code> <code>{cause.eventId}</code>
          </p>
          {cause.workflowId && (
            <p className="break-all">
              {t("why.runId")} <code>{cause.workflowId}</code> <code>{cause.runId}</code>
            </p>
          )}
          {cause.traceId && (
            <p className="break-all">
              {t("why.traceId")} <code>{cause.traceId}</code>
            </p>
          )}
        </details>
      </div>
    </>
  );
}

/** What is recorded later than this was told later. */
const LATER = 60_000;

function whoOf({ sentBy, onBehalfOf }: CauseDTO, t: Translate): string {
  return onBehalfOf?.fullName ?? sentBy?.person?.fullName ?? t(sentBy ? "why.someone" : "someone.agent");
}

function sender({ sentBy, onBehalfOf, source }: CauseDTO, t: Translate): string {
  if (!sentBy) return t("why.source", { source });
  const sent = t("why.sentBy", { who: sentBy.person?.fullName ?? t("why.unknownSender") });
  return onBehalfOf ? `${sent}, ${t("why.onBehalf", { who: onBehalfOf.fullName })}` : sent;
}

/** The event that an event follows from. */
function Before({ event }: { event: string }) {
  const { t } = useMessages();
  return (
    <Link
      to="."
      search={asking(event)}
      state={deeper}
      resetScroll={false}
      preload={false}
      className="text-accent underline"
    >
      {t("why.cause")}
    </Link>
  );
}

/** Leads out of the dashboard. */
export function Elsewhere({ href, word }: { href: string | null | undefined; word: string }) {
  const { t } = useMessages();
  if (!href || !/^https?:/.test(href)) return null;
  return (
    <a href={href} target="_blank" rel="noreferrer" className="inline-flex items-center gap-1 text-accent underline">
      {word}
      <ExternalLink size={13} aria-hidden="true" />
      <span className="sr-only">({t("why.newWindow")})</span>
    </a>
  );
}
