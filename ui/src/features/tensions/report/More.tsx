import type { Words } from "@/data/reports.ts";
import type { MessageKey } from "@/messages/catalogue.ts";
import { useMessages } from "@/messages/react.tsx";
import { Field } from "@/ui/Field.tsx";
import { Select } from "@/ui/Select.tsx";
import { KIND_WORDS, KINDS } from "@/ui/tensions/words.ts";

const TEXTS = [
  ["facts", "tension.facts"],
  ["currentState", "tension.currentState"],
  ["desiredState", "tension.desiredState"],
  ["feeling", "tension.feeling"],
  ["need", "tension.need"],
] as const satisfies readonly (readonly [keyof Words, MessageKey])[];

interface Props {
  words: Words;
  onChange: (words: Words) => void;
}

/** What makes a report clearer; none of it is needed. */
export function More({ words, onChange }: Props) {
  const { t } = useMessages();
  return (
    <div className="mt-3 flex flex-col gap-4">
      {TEXTS.map(([field, word]) => (
        <Field
          key={field}
          label={t(word)}
          value={words[field]}
          onChange={(event) => onChange({ ...words, [field]: event.target.value })}
        />
      ))}
      <Select
        label={t("report.kind")}
        value={words.kind}
        options={[["", t("report.anyKind")], ...KINDS.map((kind) => [kind, t(KIND_WORDS[kind])] as const)]}
        onChange={(kind) => onChange({ ...words, kind })}
      />
      <Select
        label={t("report.visibility")}
        value={words.visibility}
        options={[
          ["everyone", t("tension.everyone")],
          ["parties", t("tension.parties")],
        ]}
        onChange={(visibility) => onChange({ ...words, visibility })}
      />
    </div>
  );
}
