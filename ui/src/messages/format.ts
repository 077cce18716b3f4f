import { IntlMessageFormat } from "intl-messageformat";
import { type Language, type MessageKey, messageOf } from "./catalogue.ts";

export type Values = Record<string, string | number>;

const compiled = new Map<string, IntlMessageFormat>();

/** Letters that are written from the right, and signs that turn around what follows. */
const TURNS =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** What somebody wrote, so that it turns around nothing of the sentence that it stands in. */
function isolated(value: string): string {
  return TURNS.test(value) ? `\u2068${value.replaceAll(/[\u2066-\u2069]/g, "")}\u2069` : value;
}

/** A message as the reader reads it. */
export function format(language: Language, key: MessageKey, values?: Values): string {
  const place = `${language}:${key}`;
  let message = compiled.get(place);
  if (!message) {
    message = new IntlMessageFormat(messageOf(key)[language], language);
    compiled.set(place, message);
  }
  const safe = Object.entries(values ?? {}).map(([name, one]) => [name, typeof one === "string" ? isolated(one) : one]);
  return String(message.format(Object.fromEntries(safe)));
}

/** The language somebody chose before, else the first of the browser's that we speak. */
export function languageOf(chosen: string | null, wished: readonly string[]): Language {
  for (const tag of [chosen, ...wished]) {
    const language = tag?.slice(0, 2).toLowerCase();
    if (language === "en" || language === "vi") return language;
  }
  return "en";
}
