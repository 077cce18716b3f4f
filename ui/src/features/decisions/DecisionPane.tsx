import { type InfiniteData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import type { DecisionCreateDTO, DecisionDTO, DecisionPageDTO, MeDTO, WriteReceiptDTO } from "trm-os-client";
import { endsSession, isGone, mayPass, useServices } from "@/data/api.ts";
import { type Attempt, attemptFor } from "@/data/attempts.ts";
import { approvalQuery, decide, mineQuery } from "@/data/decisions.ts";
import { isMe } from "@/data/mine.ts";
import { keys } from "@/data/queries.ts";
import { offers } from "@/data/scopes.ts";
import { useLive } from "@/live/LiveProvider.tsx";
import { useMessages } from "@/messages/react.tsx";
import { Absent } from "@/ui/Absent.tsx";
import { Problem } from "@/ui/Problem.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { Standing } from "@/ui/things/Standing.tsx";
import { useNow } from "@/ui/When.tsx";
import { AnswerForm } from "./AnswerForm.tsx";
import { firstValues } from "./answer.ts";
import { type Draft, useDraft } from "./drafts.ts";
import { Ended } from "./Ended.tsx";
import { fieldsOf } from "./fields.ts";
import { NoForm } from "./NoForm.tsx";
import { nextAfter } from "./order.ts";
import { Proposal } from "./Proposal.tsx";
import { Question } from "./Question.tsx";
import type { Said } from "./SaidLine.tsx";
import { standingTo } from "./standing.ts";

const SOON = 3_000;
const POLLED = 60_000;

interface Props {
  id: string;
  me: MeDTO;
  /** What waits for me, as far as it is read. */
  listed: DecisionDTO[];
  listing: boolean;
  onDecided: (said: Said, next: string | null) => void;
}

/** One decision: its form where it is mine to take, else how it ended or who may. */
export function DecisionPane({ id, ...rest }: Props) {
  const { t } = useMessages();
  const { client } = useServices();
  const { state } = useLive();
  const found = useQuery({
    ...approvalQuery(client, id),
    placeholderData: rest.listed.find((one) => one.id === id),
    refetchInterval: ({ state: { data } }) => (moves(data) ? SOON : state === "live" ? false : POLLED),
  });
  if (found.isPending) return <Skeleton rows={4} />;
  if (isGone(found.error)) return <Absent />;
  if (found.error && !found.data) return <Problem error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return null;
  if (!("kind" in found.data)) {
    const { failure } = found.data;
    return <p className="text-soft">{failure ? t("decision.notWritten") : t("decision.beingWritten")}</p>;
  }
  return <One decision={found.data} {...rest} />;
}

/** Whether what is read is about to change by itself. */
function moves(data: DecisionDTO | WriteReceiptDTO | undefined): boolean {
  if (!data) return false;
  return "kind" in data ? data.followed === "Due" : data.writeStatus === "pending";
}

type Inbox = InfiniteData<DecisionPageDTO>;

/** What waits for me, less what I have just taken. */
function without(held: Inbox | undefined, id: string): Inbox | undefined {
  return (
    held && { ...held, pages: held.pages.map((one) => ({ ...one, items: one.items.filter((it) => it.id !== id) })) }
  );
}

interface Answer {
  body: DecisionCreateDTO;
  attempt: Attempt;
  next: string | null;
}

function One({ decision, me, listed, listing, onDecided }: Omit<Props, "id"> & { decision: DecisionDTO }) {
  const { t } = useMessages();
  const { client, session } = useServices();
  const queries = useQueryClient();
  const now = useNow();
  const fields = useMemo(() => fieldsOf(decision.form, decision.proposal), [decision.form, decision.proposal]);
  const begin = (): Draft => ({
    outcome: null,
    values: firstValues(fields, decision.proposal),
    reason: "",
    attempt: null,
  });
  const { draft, change, forget } = useDraft(me.identityId, decision.id, begin);

  const inList = listed.some((one) => one.id === decision.id);
  const mine = useQuery({
    ...mineQuery(client, decision),
    enabled: decision.status === "Pending" && !inList && !listing,
  });
  const readAnew = () => {
    void queries.invalidateQueries({ queryKey: keys.approvals });
    void queries.invalidateQueries({ queryKey: keys.me });
  };
  const sending = useMutation({
    mutationFn: ({ body, attempt }: Answer) => decide(client, decision.id, body, attempt.key),
    networkMode: "always",
    retry: (times, error) => times < 2 && mayPass(error),
    onSuccess: (taken, { body, next }) => {
      forget();
      if (taken) queries.setQueryData(approvalQuery(client, decision.id).queryKey, taken);
      queries.setQueriesData<Inbox>({ queryKey: [...keys.approvals, "inbox"] }, (held) => without(held, decision.id));
      onDecided({ id: decision.id, question: decision.question, outcome: body.outcome }, next);
      readAnew();
    },
    onError: (error) => {
      if (endsSession(error)) void session.end();
      else if (!mayPass(error)) readAnew();
    },
  });

  function send(body: DecisionCreateDTO) {
    if (sending.isPending) return;
    const attempt = attemptFor(body, draft.attempt);
    change({ attempt });
    const ids = listed.map((one) => one.id);
    sending.mutate({ body, attempt, next: nextAfter(ids, decision.id) });
  }

  const writes = offers(me.scopes, "deciding");
  const standing = standingTo(decision, me, writes, inList || mine.data === true, now);
  const asksFirst = standing !== "decided" && standing !== "late" && !inList && (listing || mine.isPending);
  // A list that is read anew may lose it for a moment; who is writing goes on.
  const answering = useRef(false);
  answering.current = standing === "may" || (answering.current && asksFirst);
  const form = answering.current || sending.isPending;
  const first = useRef(decision.status);
  // Sent without an answer coming back, it may count all the same.
  const own = sending.isSuccess || sending.isPending || (!sending.isError && isMe(me, decision.decidedBy?.id));
  const elsewhere = first.current === "Pending" && standing === "decided" && !own;
  return (
    <article className="animate-arrive">
      <Question decision={decision} me={me}>
        <Standing id={decision.id} name={decision.question} />
      </Question>
      <Proposal decision={decision} candidates={!form} />
      <p role="status" className={elsewhere ? "mt-6 font-medium" : "sr-only"}>
        {elsewhere && t("decision.elsewhere")}
      </p>
      {sending.isSuccess && decision.status === "Pending" ? (
        <p className="mt-6 text-soft">{t("decision.accepted")}</p>
      ) : form ? (
        <AnswerForm
          fields={fields}
          draft={draft}
          change={change}
          sending={sending.isPending}
          error={sending.error}
          onSend={send}
        />
      ) : standing === "decided" ? (
        <Ended decision={decision} fields={fields} unsent={own ? "" : draft.reason} />
      ) : asksFirst ? (
        <Skeleton rows={2} />
      ) : mine.error ? (
        <Problem error={mine.error} retry={() => void mine.refetch()} />
      ) : (
        <NoForm standing={standing} decision={decision} />
      )}
    </article>
  );
}
