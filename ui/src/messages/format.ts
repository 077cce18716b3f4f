import { IntlMessageFormat } from "intl-messageformat";
import { type Language, type MessageKey, messageOf } from "./catalogue.ts";

export type Values = Record<string, string | number>;

const compiled = new Map<string, IntlMessageFormat>();

/** A message as the reader reads it. */
export function format(language: Language, key: MessageKey, values?: Values): string {
  const place = `${language}:${key}`;
  let message = compiled.get(place);
  if (!message) {
    message = new IntlMessageFormat(messageOf(key)[language], language);
    compiled.set(place, message);
  }
  return String(message.format(values));
}

/** The language somebody chose before, else the first of the browser's that we speak. */
export function languageOf(chosen: string | null, wished: readonly string[]): Language {
  for (const tag of [chosen, ...wished]) {
    const language = tag?.slice(0, 2).toLowerCase();
    if (language === "en" || language === "vi") return language;
  }
  return "en";
}
