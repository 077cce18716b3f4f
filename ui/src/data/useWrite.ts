import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { endsSession, mayPass, useServices } from "./api.ts";
import { type Attempt, attemptFor, isRefused } from "./attempts.ts";
import { isLate } from "./limits.ts";

interface Options<Body, Answer> {
  onDone: (answer: Answer, body: Body) => void;
  onFailed?: (error: Error) => void;
  /** Where the last attempt is kept, if longer than the page. */
  kept?: Kept;
}

interface Kept {
  last: Attempt | null;
}

/** A write: its key is made once, and sent again for as long as it is not known what became of it. */
export function useWrite<Body, Answer>(
  send: (body: Body, key: string) => Promise<Answer>,
  { onDone, onFailed, kept: given }: Options<Body, Answer>,
) {
  const { session } = useServices();
  const [own] = useState<Kept>({ last: null });
  const kept = given ?? own;
  return useMutation<Answer, Error, Body>({
    networkMode: "always",
    retry: (times, error) => times < 1 && mayPass(error) && !isLate(error),
    mutationFn: (body) => {
      kept.last = attemptFor(body, kept.last);
      return send(body, kept.last.key);
    },
    onSuccess: (answer, body) => {
      kept.last = null;
      onDone(answer, body);
    },
    onError: (error) => {
      if (isRefused(error)) kept.last = null;
      if (endsSession(error)) void session.end();
      onFailed?.(error);
    },
  });
}
