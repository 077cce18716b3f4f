import { useMessages } from "@/messages/react.tsx";
import { Severity } from "@/ui/Severity.tsx";
import { When } from "@/ui/When.tsx";
import { shownAs } from "./facts.ts";
import { PROPERTIES } from "./properties.ts";
import { valueWord } from "./words.ts";

interface Props {
  /** Of the thing that has it. */
  label: string;
  name: string;
  value: unknown;
}

/** A value of a thing's property, in words where it has some. */
export function Value({ label, name, value }: Props) {
  const { t, language } = useMessages();
  const shown = shownAs(name, value);
  const worded = (text: string) => {
    const word = valueWord(label, name, text);
    return word ? t(word) : text;
  };
  switch (shown.as) {
    case "severity":
      return <Severity value={shown.severity} />;
    case "moment":
      return <When at={shown.at} />;
    case "yes":
      return t(shown.yes ? "said.yes" : "said.no");
    case "number":
      return (
        <span className="numbers">
          {new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(shown.number)}
        </span>
      );
    case "language":
      return nameOfLanguage(shown.code, language);
    case "words":
      return <bdi>{new Intl.ListFormat(language).format(shown.words.map(worded))}</bdi>;
    case "data":
      return (
        <details>
          <summary className="w-fit text-accent underline">{t("why.details")}</summary>
          <pre className="max-h-80 overflow-auto rounded bg-sunk p-2 text-13">{shown.text}</pre>
        </details>
      );
    case "text":
      return (
        <span dir="auto" className="whitespace-pre-wrap break-words">
          {worded(shown.text)}
        </span>
      );
  }
}

/** What a property is called, or its own name where nothing better is known. */
export function PropertyName({ name }: { name: string }) {
  const { t } = useMessages();
  const word = Object.hasOwn(PROPERTIES, name) ? PROPERTIES[name] : undefined;
  return word ? t(word) : <code className="text-13">{name}</code>;
}

function nameOfLanguage(code: string, language: string): string {
  try {
    return new Intl.DisplayNames(language, { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
