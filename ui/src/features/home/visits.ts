import { useEffect, useState } from "react";

/** When the visit before this one ended, and when this one was last seen; milliseconds. */
export interface Visit {
  before: number | null;
  seen: number;
}

/** Away for longer than this is another visit; a reload is not. */
const AWAY = 30 * 60_000;
const EVERY = 60_000;

/** The visit as it is at a moment, from what was stored of it. */
export function visitAt(now: number, stored: string | null): Visit {
  const last = read(stored);
  if (!last) return { before: null, seen: now };
  return { before: now - last.seen > AWAY ? last.seen : last.before, seen: now };
}

function read(stored: string | null): Visit | null {
  try {
    const { before, seen } = JSON.parse(stored ?? "null") as Visit;
    return typeof seen === "number" && (before === null || typeof before === "number") ? { before, seen } : null;
  } catch {
    return null;
  }
}

/** When the reader's last visit ended; this one is noted for as long as the page is seen. */
export function useLastVisit(reader: string): Date | null {
  const place = `trm.visit.${reader}`;
  const [before, setBefore] = useState(() => visitAt(Date.now(), localStorage.getItem(place)).before);
  useEffect(() => {
    function note() {
      if (document.visibilityState !== "visible") return;
      const visit = visitAt(Date.now(), localStorage.getItem(place));
      localStorage.setItem(place, JSON.stringify(visit));
      setBefore(visit.before);
    }
    note();
    const timer = setInterval(note, EVERY);
    document.addEventListener("visibilitychange", note);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", note);
    };
  }, [place]);
  return before === null ? null : new Date(before);
}
