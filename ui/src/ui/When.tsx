import { useSyncExternalStore } from "react";
import type { MessageKey } from "@/messages/catalogue.ts";
import { exact, relative } from "@/messages/dates.ts";
import { useMessages } from "@/messages/react.tsx";

const TICK = 30_000;
let current = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    current = Date.now();
    for (const one of listeners) one();
  }, TICK);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Now, told anew twice a minute. */
export function useNow(): Date {
  return new Date(useSyncExternalStore(subscribe, () => current));
}

interface Props {
  at: string;
  /** Said around the moment, as `{when}`. */
  within?: MessageKey;
  /** Said instead for as long as it lies ahead. */
  ahead?: MessageKey;
}

/** A moment: relative, exact on hover, in the reader's zone and language. */
export function When({ at, within, ahead }: Props) {
  const { t, language } = useMessages();
  const now = useNow();
  const moment = new Date(at);
  const around = ahead && moment > now ? ahead : within;
  const when = relative(moment, now, language);
  return (
    <time dateTime={at} title={exact(moment, language)} className="whitespace-nowrap">
      {around ? t(around, { when }) : when}
    </time>
  );
}
