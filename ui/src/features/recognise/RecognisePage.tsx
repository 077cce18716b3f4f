import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type MeDTO, type RecognitionCreateDTO, unwrap, type WriteReceiptDTO } from "trm-os-client";
import { useServices } from "@/data/api.ts";
import { bodyOf, isSame, isWhole, RECOGNITION } from "@/data/recognising.ts";
import { useKeptForm } from "@/data/useKeptForm.ts";
import { useMessages } from "@/messages/react.tsx";
import { Allowed } from "@/ui/Allowed.tsx";
import { Button } from "@/ui/Button.tsx";
import { Page } from "@/ui/Page.tsx";
import { Refusal } from "@/ui/Refusal.tsx";
import { onSend } from "@/ui/send.ts";
import { Chips } from "./Chips.tsx";
import { Composer } from "./Composer.tsx";
import { hintOf } from "./coach.ts";
import { More } from "./More.tsx";

/** Recognises somebody: what they did, in one field, with whom and what it names. */
export function RecognisePage() {
  const { t } = useMessages();
  return (
    <Allowed part="recognise">
      {(me) => (
        <Page title={t("recognise.title")} lead={t("recognise.lead")}>
          <Recognise key={me.identityId} me={me} />
        </Page>
      )}
    </Allowed>
  );
}

function Recognise({ me }: { me: MeDTO }) {
  const { t } = useMessages();
  const { client } = useServices();
  const navigate = useNavigate();
  const { element, words, change, pending, error, ...form } = useKeptForm(RECOGNITION, me.identityId, {
    post: async (body: RecognitionCreateDTO, key): Promise<WriteReceiptDTO | { id: string }> =>
      unwrap(await client.POST("/v1/recognitions", { params: { header: { "Idempotency-Key": key } }, body })),
    onSent: () => void navigate({ to: "/" }),
  });
  const [open, setOpen] = useState(() => words.type !== "" || words.visibility === "parties");
  const ready = isWhole(words) && !pending;
  const hint = hintOf(words);

  function send() {
    if (ready) form.send(bodyOf(words));
  }

  return (
    <form
      ref={element}
      className="mt-6 max-w-[72ch]"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onKeyDown={onSend(send)}
    >
      <fieldset disabled={pending}>
        <Composer words={words} me={me} onChange={change} />
        <Chips
          chips={words.chips}
          onRemove={(chip) => change({ ...words, chips: words.chips.filter((one) => !isSame(one, chip)) })}
        />
        <p role="status" className="mt-3 min-h-6 text-soft">
          {hint && t(hint)}
        </p>
        <details className="mt-3" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary className="w-fit text-accent underline">{t("recognise.more")}</summary>
          <More words={words} onChange={change} />
        </details>
        <div className="mt-6 flex flex-wrap items-center gap-3">
          <Button look="main" type="submit" disabled={!ready}>
            {t("recognise.send")} <kbd className="text-13 max-sm:hidden">⌘/Ctrl ↵</kbd>
          </Button>
          <span role="status" className="text-13 text-soft">
            {pending ? t("write.sending") : RECOGNITION.isEmpty(words) ? "" : t("recognise.kept")}
          </span>
        </div>
      </fieldset>
      <Refusal error={error} />
    </form>
  );
}
