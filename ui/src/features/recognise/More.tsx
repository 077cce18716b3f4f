import type { RecognitionType } from "trm-os-client";
import type { Words } from "@/data/recognising.ts";
import type { MessageKey } from "@/messages/catalogue.ts";
import { useMessages } from "@/messages/react.tsx";
import { Select } from "@/ui/Select.tsx";

const TYPES: Record<RecognitionType, MessageKey> = {
  Achievement: "type.Achievement",
  Effort: "type.Effort",
  Contribution: "type.Contribution",
  Behavior: "type.Behavior",
  SkillDemonstration: "type.SkillDemonstration",
  MilestoneReached: "type.MilestoneReached",
  ValueAlignment: "type.ValueAlignment",
};

interface Props {
  words: Words;
  onChange: (words: Words) => void;
}

/** What may be said beside the text. */
export function More({ words, onChange }: Props) {
  const { t } = useMessages();
  const types = Object.entries(TYPES) as [RecognitionType, MessageKey][];
  return (
    <div className="mt-3 flex flex-wrap gap-6">
      <Select
        label={t("recognise.type")}
        value={words.type}
        options={[["", t("recognise.anyType")], ...types.map(([type, word]) => [type, t(word)] as const)]}
        onChange={(type) => onChange({ ...words, type })}
      />
      <Select
        label={t("recognise.visibility")}
        value={words.visibility}
        options={[
          ["everyone", t("recognise.everyone")],
          ["parties", t("recognise.parties")],
        ]}
        onChange={(visibility) => onChange({ ...words, visibility })}
      />
    </div>
  );
}
