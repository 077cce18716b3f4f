import { useEffect, useRef } from "react";

/** What became of a change. */
export interface Told {
  text: string;
}

/** Tells what became of a change beside where it was made; the focus stays in its section, though its button may go. */
export function Outcome({ told }: { told: Told | null }) {
  const line = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const here = document.activeElement;
    if (told && (here === document.body || line.current?.closest("section")?.contains(here))) line.current?.focus();
  }, [told]);
  return (
    <p ref={line} role="status" tabIndex={-1} className="mt-2 min-h-6 text-13 text-accent outline-none">
      {told?.text}
    </p>
  );
}
