import { useEffect, useMemo, useRef, useState } from "react";
import type { Attempt } from "./attempts.ts";

/** A form whose words are kept: what it is called, what an empty one holds, and how kept words are read. */
export interface Form<W> {
  name: string;
  empty: W;
  /** The words of what was kept, of which nothing is certain. */
  read: (kept: Record<string, unknown>) => W;
  /** Whether nothing was typed. */
  isEmpty: (words: W) => boolean;
}

/** What is not sent yet. */
export interface Draft<W> {
  words: W;
  /** Sent, and it is not known what became of it. */
  attempt: Attempt | null;
}

/** What was kept of a draft; what cannot be read is an empty one. */
export function draftOf<W>(form: Form<W>, stored: string | null): Draft<W> {
  try {
    const { words, attempt } = JSON.parse(stored ?? "null") as { words?: Record<string, unknown>; attempt?: Attempt };
    const whole = typeof attempt?.key === "string" && typeof attempt.of === "string";
    return { words: form.read(words ?? {}), attempt: whole ? attempt : null };
  } catch {
    return { words: form.empty, attempt: null };
  }
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** Told of words that were accepted, as JSON. */
const listeners = new Set<(said: string) => void>();

/** Keeps the drafts of one reader in this browser until they stand. */
export class Drafts<W> {
  readonly #form: Form<W>;
  readonly #place: string;
  readonly #store: Store;

  constructor(form: Form<W>, reader: string, store: Store) {
    this.#form = form;
    this.#place = `trm.draft.${form.name}.${reader}`;
    this.#store = store;
  }

  read(): Draft<W> {
    return draftOf(this.#form, this.#store.getItem(this.#place));
  }

  keep(draft: Draft<W>): void {
    if (this.#form.isEmpty(draft.words)) this.#store.removeItem(this.#place);
    else this.#store.setItem(this.#place, JSON.stringify(draft));
  }

  /** Some words were accepted under an id: kept aside; what was typed since, or in another tab, stays. */
  sent(id: string, words: W): void {
    const said = JSON.stringify(words);
    this.#store.setItem(this.#aside(id), JSON.stringify({ words, attempt: null }));
    if (JSON.stringify(this.read().words) === said) this.#store.removeItem(this.#place);
    for (const listener of listeners) listener(said);
  }

  /** What was accepted and is not known to stand: its id and its words. */
  waiting(): { id: string; words: W }[] {
    const before = this.#aside("");
    const names = Array.from({ length: this.#store.length }, (_, place) => this.#store.key(place) ?? "");
    return names
      .filter((name) => name.startsWith(before))
      .sort()
      .map((name) => ({
        id: name.slice(before.length),
        words: draftOf(this.#form, this.#store.getItem(name)).words,
      }));
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
    this.keep({ words: draftOf(this.#form, failed).words, attempt: null });
    if (this.#form.isEmpty(now.words)) this.written(id);
    else this.#store.setItem(this.#aside(id), JSON.stringify(now));
  }

  #aside(id: string): string {
    return `${this.#place}.${id}`;
  }
}

/** The drafts of a reader. */
export function useDrafts<W>(form: Form<W>, reader: string): Drafts<W> {
  return useMemo(() => new Drafts(form, reader, localStorage), [form, reader]);
}

/** The draft that somebody types, kept with every letter. */
export function useDraft<W>(form: Form<W>, reader: string) {
  const drafts = useDrafts(form, reader);
  const [draft, setDraft] = useState(() => drafts.read());
  const now = useRef(draft);
  now.current = draft;
  useEffect(() => {
    // Sent from a form that is left meanwhile: it is not offered to be sent again.
    const onSent = (said: string) => {
      if (JSON.stringify(now.current.words) === said) setDraft({ words: form.empty, attempt: null });
    };
    listeners.add(onSent);
    return () => {
      listeners.delete(onSent);
    };
  }, [form]);
  function keep(next: Draft<W>) {
    now.current = next;
    drafts.keep(next);
    setDraft(next);
  }
  return {
    words: draft.words,
    change: (words: W) => keep({ words, attempt: now.current.attempt }),
    /** The last attempt, as the browser keeps it. */
    kept: {
      get last() {
        return now.current.attempt;
      },
      set last(attempt: Attempt | null) {
        const held = JSON.stringify(drafts.read().words) === JSON.stringify(now.current.words);
        now.current = { ...now.current, attempt };
        if (held) drafts.keep(now.current); // else somebody types something else by now
        setDraft(now.current);
      },
    },
  };
}
