import { type KeyboardEvent, useCallback, useState } from "react";
import type { TensionStatus } from "trm-os-client";
import { COLUMNS } from "@/data/lifecycle.ts";
import { useMessages } from "@/messages/react.tsx";
import { Refusal } from "@/ui/Refusal.tsx";
import { Column } from "./Column.tsx";
import { useDrag } from "./useDrag.ts";
import type { ViewProps } from "./view.ts";

/** A column for every state; arrows go from card to card, and the mouse moves them. */
export function Board({ me, filters, onMove, say, empty }: ViewProps) {
  const { t } = useMessages();
  const [found, setFound] = useState<Partial<Record<TensionStatus, boolean | undefined>>>({});
  const onFound = useCallback(
    (status: TensionStatus, any?: boolean) => setFound((before) => ({ ...before, [status]: any })),
    [],
  );
  const { dragged, setDragged, drop, error } = useDrag(filters, onMove, say);
  const nothing = COLUMNS.every((status) => found[status] === false);
  return (
    <>
      {nothing && empty}
      <Refusal error={error} />
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also by keys
        tabIndex={0}
        aria-label={t("tensions.board")}
        onKeyDown={beside}
        className={`relative -mx-4 flex snap-x scroll-px-4 gap-4 overflow-x-auto px-4 pt-2 pb-4 sm:-mx-8 sm:scroll-px-8 sm:px-8 ${nothing ? "hidden" : ""}`}
      >
        {COLUMNS.map((status) => (
          <Column
            key={status}
            {...{ me, filters, status, dragged, onMove, onFound }}
            onDrag={setDragged}
            onDrop={drop}
          />
        ))}
      </section>
    </>
  );
}

/** Left and right lead to the card beside. */
function beside(event: KeyboardEvent<HTMLElement>) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const here = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[data-column]") : null;
  if (!step || !here || event.ctrlKey || event.metaKey || event.altKey) return;
  const columns = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-column]")];
  for (let at = columns.indexOf(here) + step; columns[at]; at += step) {
    const card = columns[at]?.querySelector<HTMLElement>("[data-index] a");
    if (!card) continue;
    event.preventDefault();
    card.focus();
    return;
  }
}
