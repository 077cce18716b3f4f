import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import type { Language, MessageKey } from "./catalogue.ts";
import { format, languageOf, type Values } from "./format.ts";

export type Translate = (key: MessageKey, values?: Values) => string;

interface Messages {
  language: Language;
  setLanguage: (language: Language) => void;
  t: Translate;
}

const STORED = "trm.language";
const Context = createContext<Messages | null>(null);

/** Gives what is below it the reader's language. */
export function MessagesProvider({ children }: { children: ReactNode }) {
  const [language, choose] = useState(() => languageOf(localStorage.getItem(STORED), navigator.languages));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const messages = useMemo<Messages>(
    () => ({
      language,
      setLanguage: (chosen) => {
        localStorage.setItem(STORED, chosen);
        choose(chosen);
      },
      t: (key, values) => format(language, key, values),
    }),
    [language],
  );
  return <Context value={messages}>{children}</Context>;
}

export function useMessages(): Messages {
  const messages = use(Context);
  if (!messages) throw new Error("MessagesProvider is missing");
  return messages;
}
