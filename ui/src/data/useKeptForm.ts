import { useEffect, useRef } from "react";
import { type Form, useDraft, useDrafts } from "./drafts.ts";
import { useWrite } from "./useWrite.ts";

interface Options<Body> {
  post: (body: Body, key: string) => Promise<{ id: string }>;
  /** It was accepted, and its form is still shown. */
  onSent: (id: string) => void;
}

/** A form whose words are kept until they stand; it has the focus when it is shown, and again after a refusal. */
export function useKeptForm<W, Body>(form: Form<W>, reader: string, { post, onSent }: Options<Body>) {
  const drafts = useDrafts(form, reader);
  const { words, change, kept } = useDraft(form, reader);
  const element = useRef<HTMLFormElement>(null);
  const sent = useRef(words);
  const busy = useRef(false);
  const write = useWrite(post, { kept, onDone: ({ id }) => drafts.sent(id, sent.current) });
  const refused = write.status === "error" ? write.submittedAt : 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once shown, after the page took the focus, and once refused
  useEffect(() => {
    const timer = setTimeout(() => element.current?.querySelector("textarea")?.focus());
    return () => clearTimeout(timer);
  }, [refused]);

  function send(body: Body) {
    if (busy.current) return;
    busy.current = true;
    sent.current = words;
    write.mutate(body, {
      onSuccess: ({ id }) => onSent(id),
      onSettled: () => {
        busy.current = false;
      },
    });
  }

  return { element, words, change, send, pending: write.isPending, error: write.error };
}
