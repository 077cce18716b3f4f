import { useMemo, useState } from "react";
import type { TensionCreateDTO, TensionKind, Visibility } from "trm-os-client";
import type { Attempt } from "./attempts.ts";

/** What somebody types about a tension; what is empty is not said. */
export interface Words {
  title: string;
  facts: string;
  currentState: string;
  desiredState: string;
  feeling: string;
  need: string;
  kind: TensionKind | "";
  visibility: Visibility;
}

/** A report that is not sent yet. */
export interface Draft {
  words: Words;
  /** Sent, and it is not known what became of it. */
  attempt: Attempt | null;
}

export const EMPTY: Words = {
  title: "",
  facts: "",
  currentState: "",
  desiredState: "",
  feeling: "",
  need: "",
  kind: "",
  visibility: "everyone",
};

/** What was kept of a draft; what cannot be read is an empty one. */
export function draftOf(stored: string | null): Draft {
  try {
    const { words, attempt } = JSON.parse(stored ?? "null") as Partial<Draft>;
    const known = Object.entries(words ?? {}).filter(([name, value]) => name in EMPTY && typeof value === "string");
    const whole = typeof attempt?.key === "string" && typeof attempt.of === "string";
    return { words: { ...EMPTY, ...Object.fromEntries(known) }, attempt: whole ? attempt : null };
  } catch {
    return { words: EMPTY, attempt: null };
  }
}

/** Whether nothing was typed. */
export function isEmpty(words: Words): boolean {
  return Object.entries(words).every(([name, value]) => name === "visibility" || value.trim() === "");
}

/** What is sent of it. */
export function bodyOf(words: Words): TensionCreateDTO {
  const { title, kind, visibility, ...rest } = words;
  const said = Object.entries(rest).flatMap(([name, value]) => (value.trim() ? [[name, value.trim()]] : []));
  return { title: title.trim(), ...Object.fromEntries(said), ...(kind ? { kind } : {}), visibility };
}

/** Keeps the reports of one reader in this browser until they stand. */
export class Drafts {
  readonly #place: string;
  readonly #store: Pick<Storage, "getItem" | "setItem" | "removeItem">;

  constructor(reader: string, store: Pick<Storage, "getItem" | "setItem" | "removeItem">) {
    this.#place = `trm.draft.tension.${reader}`;
    this.#store = store;
  }

  read(): Draft {
    return draftOf(this.#store.getItem(this.#place));
  }

  keep(draft: Draft): void {
    if (isEmpty(draft.words)) this.#store.removeItem(this.#place);
    else this.#store.setItem(this.#place, JSON.stringify(draft));
  }

  /** It was accepted under an id: kept aside, and there is room for another one. */
  sent(id: string): void {
    const draft = this.#store.getItem(this.#place);
    if (draft) this.#store.setItem(this.#aside(id), draft);
    this.#store.removeItem(this.#place);
  }

  /** It stands; tells whether it was sent from here. */
  written(id: string): boolean {
    const sent = this.#store.getItem(this.#aside(id)) !== null;
    this.#store.removeItem(this.#aside(id));
    return sent;
  }

  /** It could not be written: it is a draft again, and what was typed since is kept in its place. */
  takeUp(id: string): void {
    const failed = this.#store.getItem(this.#aside(id));
    if (!failed) return;
    const now = this.read();
    this.keep({ words: draftOf(failed).words, attempt: null });
    if (isEmpty(now.words)) this.written(id);
    else this.#store.setItem(this.#aside(id), JSON.stringify(now));
  }

  #aside(id: string): string {
    return `${this.#place}.${id}`;
  }
}

/** The drafts of a reader. */
export function useDrafts(reader: string): Drafts {
  return useMemo(() => new Drafts(reader, localStorage), [reader]);
}

/** The draft that somebody types, kept with every letter. */
export function useDraft(reader: string) {
  const drafts = useDrafts(reader);
  const [draft, setDraft] = useState(() => drafts.read());
  return {
    words: draft.words,
    change(words: Words) {
      const next = { words, attempt: drafts.read().attempt };
      drafts.keep(next);
      setDraft(next);
    },
    /** The last attempt, as the browser keeps it. */
    kept: {
      get last() {
        return drafts.read().attempt;
      },
      set last(attempt: Attempt | null) {
        drafts.keep({ words: drafts.read().words, attempt });
      },
    },
  };
}
