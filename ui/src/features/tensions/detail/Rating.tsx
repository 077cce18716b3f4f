import { useRef, useState } from "react";
import type { TensionDTO } from "trm-os-client";
import { useServices } from "@/data/api.ts";
import { excessOf, says } from "@/data/lengths.ts";
import { rate } from "@/data/tensions.ts";
import { useTaken } from "@/data/useTaken.ts";
import { useWrite } from "@/data/useWrite.ts";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Outcome, type Told } from "@/ui/Outcome.tsx";
import { Refusal } from "@/ui/Refusal.tsx";
import { Severity } from "@/ui/Severity.tsx";
import { onSend } from "@/ui/send.ts";
import { SEVERITIES, SEVERITY_WORDS } from "@/ui/tensions/words.ts";

/** Says how severe it is in two clicks: which, and, with a reason, that it is so. */
export function Rating({ tension }: { tension: TensionDTO }) {
  const { t } = useMessages();
  const { client } = useServices();
  const taken = useTaken();
  const [chosen, choose] = useState<1 | 2 | 3 | 4 | null>(null);
  const [reason, setReason] = useState("");
  const [told, setTold] = useState<Told | null>(null);
  const element = useRef<HTMLDivElement>(null);
  const write = useWrite(
    (body: { severity: 1 | 2 | 3 | 4; reason: string }, key) => rate(client, tension.id, body, key),
    {
      onDone: (read) => {
        choose(null);
        setReason("");
        taken(tension.id, read);
        const isOnItsWay = "receipt" in read;
        setTold({ text: t(isOnItsWay ? "write.accepted" : "tension.rated") });
      },
    },
  );
  const ready = chosen !== null && says(reason) && excessOf(reason) === 0 && !write.isPending;

  function send() {
    if (ready) write.mutate({ severity: chosen, reason: reason.trim() });
  }

  function cancel() {
    element.current?.querySelector<HTMLElement>("[aria-pressed=true]")?.focus();
    choose(null);
  }

  return (
    <div ref={element} className="mt-4">
      <fieldset className="flex flex-wrap items-center gap-2">
        <legend className="mb-1 text-soft">{t("rating.label")}</legend>
        {SEVERITIES.map((severity) => (
          <Button
            key={severity}
            aria-pressed={severity === chosen}
            className="aria-pressed:bg-sunk"
            onClick={() => {
              write.reset();
              setTold(null);
              choose(severity);
            }}
          >
            <Severity value={severity} />
          </Button>
        ))}
      </fieldset>
      {chosen && (
        <div className="mt-3 max-w-[72ch]">
          <Field
            label={t("rating.why")}
            help={t("rating.help")}
            value={reason}
            autoFocus
            onChange={(event) => setReason(event.target.value)}
            onKeyDown={onSend(send)}
          />
          <div className="mt-2 flex gap-2">
            <Button look="main" aria-disabled={!ready} onClick={send}>
              {t("rating.set", { severity: t(SEVERITY_WORDS[chosen]) })}
            </Button>
            <Button look="bare" onClick={cancel}>
              {t("write.cancel")}
            </Button>
          </div>
          <Refusal error={write.error} />
        </div>
      )}
      <Outcome told={told} />
    </div>
  );
}
