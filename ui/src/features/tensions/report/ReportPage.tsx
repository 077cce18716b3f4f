import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type TensionCreateDTO, unwrap, type WriteReceiptDTO } from "trm-os-client";
import { useServices } from "@/data/api.ts";
import { MOST } from "@/data/lengths.ts";
import { bodyOf, isEmpty, isWhole, REPORT } from "@/data/reports.ts";
import { useKeptForm } from "@/data/useKeptForm.ts";
import { useMessages } from "@/messages/react.tsx";
import { Allowed } from "@/ui/Allowed.tsx";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Page } from "@/ui/Page.tsx";
import { Refusal } from "@/ui/Refusal.tsx";
import { onSend } from "@/ui/send.ts";
import { More } from "./More.tsx";

/** Reports a tension: one line is enough, and what is typed is kept until it was sent. */
export function ReportPage() {
  const { t } = useMessages();
  return (
    <Allowed part="report">
      {(me) => (
        <Page title={t("report.title")} lead={t("report.lead")}>
          <Report key={me.identityId} reader={me.identityId} />
        </Page>
      )}
    </Allowed>
  );
}

function Report({ reader }: { reader: string }) {
  const { t } = useMessages();
  const { client } = useServices();
  const navigate = useNavigate();
  const { element, words, change, pending, error, ...form } = useKeptForm(REPORT, reader, {
    post: async (body: TensionCreateDTO, key): Promise<WriteReceiptDTO | { id: string }> =>
      unwrap(await client.POST("/v1/tensions", { params: { header: { "Idempotency-Key": key } }, body })),
    onSent: (id) => void navigate({ to: "/tensions/$tensionId", params: { tensionId: id } }),
  });
  const [open, setOpen] = useState(() => !isEmpty({ ...words, title: "" }) || words.visibility === "parties");
  const ready = isWhole(words) && !pending;

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
        <Field
          label={t("report.gap")}
          placeholder={t("report.example")}
          value={words.title}
          required
          most={MOST.title}
          onChange={(event) => change({ ...words, title: event.target.value.replaceAll(/\s*\n\s*/g, " ") })}
        />
        <details className="mt-4" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary className="w-fit text-accent underline">{t("report.more")}</summary>
          <More words={words} onChange={change} />
        </details>
        <div className="mt-6 flex flex-wrap items-center gap-3">
          <Button look="main" type="submit" disabled={!ready}>
            {t("report.send")} <kbd className="text-13 max-sm:hidden">⌘/Ctrl ↵</kbd>
          </Button>
          <span role="status" className="text-13 text-soft">
            {pending ? t("write.sending") : isEmpty(words) ? "" : t("report.kept")}
          </span>
        </div>
      </fieldset>
      <Refusal error={error} />
    </form>
  );
}
