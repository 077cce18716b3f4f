import { type KeyboardEvent, type SyntheticEvent, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { type DecisionCreateDTO, TrmProblem } from "trm-os-client";
import { excessOf } from "@/data/lengths.ts";
import { usePageKeys } from "@/frame/pageKeys.ts";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "@/ui/Button.tsx";
import { TooLong } from "@/ui/TooLong.tsx";
import { assembled, type Fault } from "./answer.ts";
import type { Draft, Outcome } from "./drafts.ts";
import { FieldInput } from "./FieldInput.tsx";
import type { Field } from "./fields.ts";
import { Refusal } from "./Refusal.tsx";

interface Props {
  fields: Field[];
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  sending: boolean;
  error: unknown;
  onSend: (body: DecisionCreateDTO) => void;
}

/** The answer: approve or reject, what the decision asks for, and why. */
export function AnswerForm({ fields, draft, change, sending, error, onSend }: Props) {
  const { t } = useMessages();
  const form = useRef<HTMLFormElement>(null);
  const [tried, setTried] = useState(false);
  const { outcome, values, reason } = draft;
  const { answer, faults } = assembled(fields, values);
  const refused = refusedFields(error);

  function focusOn(name: string) {
    const found = form.current?.querySelectorAll<HTMLElement>(`[name="${CSS.escape(name)}"]`);
    const chosen = [...(found ?? [])].find((one) => one instanceof HTMLInputElement && one.checked);
    (chosen ?? found?.[0])?.focus();
  }

  /** Choose, and go to what is missing, else to the button that sends it. */
  function choose(chosen: Outcome) {
    if (sending) return;
    flushSync(() => change({ outcome: chosen }));
    const [missing] = chosen === "Approve" ? Object.keys(faults) : [];
    focusOn(missing ? `field.${missing}` : "send");
  }

  function send() {
    if (sending) return;
    const [wrong] = outcome === "Approve" ? Object.keys(faults) : [];
    if (!outcome) return focusOn("outcome");
    setTried(true);
    if (wrong) return focusOn(`field.${wrong}`);
    if (excessOf(reason) > 0) return focusOn("reason");
    const why = reason.trim() ? { reason: reason.trim() } : {};
    onSend(outcome === "Approve" ? { outcome, answer: answer as DecisionCreateDTO["answer"], ...why } : rejection(why));
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      send();
    } else if (event.target instanceof HTMLInputElement) event.preventDefault(); // only the button or Ctrl decides
  }

  usePageKeys([
    { keys: "a", title: t("form.keyApprove"), run: () => choose("Approve") },
    { keys: "r", title: t("form.keyReject"), run: () => choose("Reject") },
    { keys: "mod Enter", shown: "⌘ Enter, Ctrl Enter", title: t("form.keySend") },
  ]);

  return (
    <form
      ref={form}
      noValidate
      aria-busy={sending}
      onKeyDown={onKeyDown}
      onSubmit={(event: SyntheticEvent) => {
        event.preventDefault();
        send();
      }}
      className="mt-6 border-t border-line pt-4"
    >
      <fieldset>
        <legend className="font-medium">{t("form.answer")}</legend>
        <div className="mt-1 flex flex-wrap gap-2">
          <Choice is="Approve" keys="a" chosen={outcome} onChoose={(one) => change({ outcome: one })} />
          <Choice is="Reject" keys="r" chosen={outcome} onChoose={(one) => change({ outcome: one })} />
        </div>
      </fieldset>
      {outcome !== "Reject" &&
        fields.map((field) => (
          <FieldInput
            key={field.name}
            field={field}
            value={values[field.name] ?? ""}
            fault={shownFault(faults[field.name], tried)}
            refused={refused[field.name]}
            onChange={(value) => change({ values: { ...values, [field.name]: value }, outcome: outcome ?? "Approve" })}
          />
        ))}
      <div className="mt-4">
        <label htmlFor="reason" className="font-medium">
          {t("form.reason")} <span className="text-13 font-normal text-soft">{t("form.optional")}</span>
        </label>
        <textarea
          id="reason"
          name="reason"
          aria-describedby="reason-hint reason-long"
          dir="auto"
          rows={3}
          aria-invalid={excessOf(reason) > 0 || undefined}
          value={reason}
          onChange={(event) => change({ reason: event.target.value })}
          className="mt-1 block w-full max-w-[72ch] rounded border border-line bg-ground px-3 py-2"
        />
        <p id="reason-hint" className="text-13 text-soft">
          {t("form.reasonHint")}
        </p>
        <TooLong id="reason-long" text={reason} />
      </div>
      {error !== null && !sending && <Refusal error={error} />}
      <div className="mt-4 flex flex-wrap items-center gap-3">
        {outcome ? (
          <Button look="main" type="submit" name="send" aria-disabled={sending || excessOf(reason) > 0}>
            {t(sending ? "form.sending" : outcome === "Approve" ? "form.approve" : "form.reject")}
          </Button>
        ) : (
          <p className="text-soft">{t("form.chooseFirst")}</p>
        )}
        {outcome && <kbd className="text-13 text-soft max-sm:hidden">⌘/Ctrl Enter</kbd>}
        <span role="status" className="sr-only">
          {sending && t("form.sending")}
        </span>
      </div>
    </form>
  );
}

const rejection = (why: { reason?: string }): DecisionCreateDTO => ({ outcome: "Reject", answer: {}, ...why });

/** What is only missing is not said before somebody tried. */
function shownFault(fault: Fault | undefined, tried: boolean): Fault | undefined {
  return fault === "needed" && !tried ? undefined : fault;
}

/** What the gateway says of single fields. */
function refusedFields(error: unknown): Record<string, string> {
  if (!(error instanceof TrmProblem)) return {};
  const found = error.problem.errors.map(({ pointer, detail }) => [/^\/answer\/([^/]+)/.exec(pointer)?.[1], detail]);
  return Object.fromEntries(found.filter(([name]) => name !== undefined));
}

interface ChoiceProps {
  is: Outcome;
  keys: string;
  chosen: Outcome | null;
  onChoose: (outcome: Outcome) => void;
}

function Choice({ is, keys, chosen, onChoose }: ChoiceProps) {
  const { t } = useMessages();
  const word = t(is === "Approve" ? "form.approve" : "form.reject");
  return (
    <label className="flex min-h-8 cursor-pointer items-center gap-2 rounded border border-line px-3 py-1 hover:bg-sunk has-checked:border-accent has-checked:bg-sunk">
      <input
        type="radio"
        name="outcome"
        aria-label={word}
        aria-keyshortcuts={keys}
        value={is}
        checked={chosen === is}
        onChange={() => onChoose(is)}
      />
      {word}
      <kbd className="text-13 text-soft max-sm:hidden">{keys}</kbd>
    </label>
  );
}
