import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { type TensionStatus, TrmProblem } from "trm-os-client";
import { useServices } from "@/data/api.ts";
import { isStale } from "@/data/attempts.ts";
import { excessOf } from "@/data/lengths.ts";
import { asksWhy, FOLLOWING } from "@/data/lifecycle.ts";
import { move, type Seen, type TensionRead, tensionKeys } from "@/data/tensions.ts";
import { useWrite } from "@/data/useWrite.ts";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "../Button.tsx";
import { Field } from "../Field.tsx";
import { Refusal } from "../Refusal.tsx";
import { onSend } from "../send.ts";
import { STATUS_WORDS } from "./words.ts";

interface Props {
  seen: Seen;
  /** Chosen already; it is explained and sent here. */
  to?: TensionStatus | undefined;
  onMoved: (to: TensionStatus, read: TensionRead) => void;
}

/** Where a tension may go from here; what ends it is explained first. A refusal keeps what was typed. */
export function Moves({ seen, to: wanted, onMoved }: Props) {
  const { t } = useMessages();
  const { client } = useServices();
  const queries = useQueryClient();
  const [chosen, choose] = useState<TensionStatus | null>(wanted ?? null);
  const element = useRef<HTMLDivElement>(null);
  const [why, setWhy] = useState("");
  const write = useWrite((body: { to: TensionStatus; reason?: string }, key) => move(client, seen, body, key), {
    onDone: (read, body) => {
      choose(null);
      setWhy("");
      onMoved(body.to, read);
    },
    onFailed: (error) => {
      if (isStale(error)) void queries.invalidateQueries({ queryKey: tensionKeys.one(seen.tension.id) });
      if (isStale(error)) void queries.invalidateQueries({ queryKey: tensionKeys.lists });
    },
  });
  const all = FOLLOWING[seen.tension.status];
  const to = all.find((one) => one === chosen) ?? null;
  const explains = to !== null && (asksWhy(to) || needsWhy(write.error));

  function send(target: TensionStatus, reason = "") {
    if (!write.isPending && excessOf(reason) === 0) write.mutate({ to: target, ...(reason ? { reason } : {}) });
  }

  function pick(target: TensionStatus) {
    if (write.isPending) return;
    write.reset();
    choose(target);
    if (!asksWhy(target)) send(target);
  }

  function cancel() {
    element.current?.querySelector<HTMLElement>("[aria-pressed=true]")?.focus();
    choose(null);
  }

  if (all.length === 0) return <p className="text-soft">{t("tension.noMove")}</p>;
  return (
    <div ref={element}>
      <div className="flex flex-wrap gap-2">
        {all.map((one) => (
          <Button key={one} aria-disabled={write.isPending} aria-pressed={one === to} onClick={() => pick(one)}>
            {t(STATUS_WORDS[one])}
          </Button>
        ))}
      </div>
      {explains && to && (
        <div className="mt-3 max-w-[72ch]">
          <Field
            label={to === "Resolved" ? t("tension.whatWasDone") : t("tension.why")}
            help={to === "Archived" ? t("tension.archivedHelp") : t("tension.whyHelp")}
            value={why}
            onChange={(event) => setWhy(event.target.value)}
            onKeyDown={onSend(() => send(to, why.trim()))}
          />
          <div className="mt-2 flex gap-2">
            <Button
              look="main"
              aria-disabled={write.isPending || excessOf(why) > 0}
              onClick={() => send(to, why.trim())}
            >
              {t("tension.moveTo", { state: t(STATUS_WORDS[to]) })}
            </Button>
            <Button look="bare" onClick={cancel}>
              {t("write.cancel")}
            </Button>
          </div>
        </div>
      )}
      {write.isPending && (
        <p role="status" className="mt-2 text-soft">
          {t("write.sending")}
        </p>
      )}
      <Refusal error={write.error} />
    </div>
  );
}

function needsWhy(error: unknown): boolean {
  return error instanceof TrmProblem && error.problem.code === "reasonNeeded";
}
