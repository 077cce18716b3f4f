import { useEffect, useState } from "react";
import { useMessages } from "@/messages/react.tsx";

const PATIENCE = 150;

/** Rows in the shape of what comes; nothing for the first moment, so what is quick does not flicker. */
export function Skeleton({ rows }: { rows: number }) {
  const { t } = useMessages();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div role="status" className="relative animate-breathe">
      <span className="sr-only">{t("loading")}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex gap-3 py-3" aria-hidden="true">
          <div className="mt-1 size-5 rounded-full bg-line" />
          <div className="grow">
            <div className="my-1 h-4 w-1/2 rounded bg-line" />
            <div className="my-2 h-3 w-4/5 rounded bg-sunk" />
          </div>
        </div>
      ))}
    </div>
  );
}
