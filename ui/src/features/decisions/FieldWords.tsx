import { useMessages } from "@/messages/react.tsx";
import { Severity } from "@/ui/Severity.tsx";
import type { Field, Option } from "./fields.ts";
import { spelled } from "./figures.ts";
import { HINTS, LABELS, VALUES } from "./words.ts";

/** What a field is called: in the reader's language where it is known, else as its schema says. */
export function FieldLabel({ field }: { field: Field }) {
  const { t } = useMessages();
  const known = LABELS[field.name];
  return known ? t(known) : (field.title ?? spelled(field.name));
}

/** What is to be known about a field, if anything. */
export function FieldHint({ field }: { field: Field }) {
  const { t } = useMessages();
  const known = HINTS[field.name];
  if (known) return t(known);
  return LABELS[field.name] ? null : (field.description ?? null);
}

/** What a value is called. */
export function OptionName({ field, option }: { field: Field; option: Option }) {
  const { t } = useMessages();
  if (option.name) return <bdi>{option.name}</bdi>;
  if (field.name === "severity" && typeof option.value === "number") return <Severity value={option.value} />;
  const known = VALUES[String(option.value)];
  return known ? t(known) : String(option.value);
}
