import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { rowsOf } from "./rows.ts";

interface Props<T> {
  label: string;
  items: readonly T[];
  keyOf: (item: T) => string;
  /** Height of a row, about. */
  estimate: number;
  className?: string;
  /** Called near the last row, while there may be more. */
  onEnd?: (() => void) | undefined;
  children: (item: T) => ReactNode;
}

const STEPS: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };
const NEAR = 10;

/** A list of any length of which only what is seen, and the row with the focus, is in the document. */
export function VirtualRows<T>({ label, items, keyOf, estimate, className = "", onEnd, children }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<number | null>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => estimate,
    getItemKey: (place) => keyOf(items[place] as T),
    overscan: 1,
    useFlushSync: false, // rows that come a frame later are not missed, a frame that is late is
    rangeExtractor: (range) => rowsOf(range, focused),
  });
  const shown = rows.getVirtualItems();
  const near = (shown.at(-1)?.index ?? 0) >= items.length - NEAR;
  useEffect(() => {
    if (near) onEnd?.();
  }, [near, onEnd]);

  function onKeyDown(event: KeyboardEvent) {
    const step = STEPS[event.key];
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    if (!step || !row || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = Number(row.dataset.index) + step;
    if (next < 0 || next >= items.length) return;
    event.preventDefault();
    setFocused(next);
    rows.scrollToIndex(next);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-index="${next}"] a`)?.focus()),
    );
  }

  return (
    <div ref={box} className={`overflow-y-auto ${className}`}>
      <ul aria-label={label} onKeyDown={onKeyDown} className="relative" style={{ height: rows.getTotalSize() }}>
        {shown.map((row) => (
          <li
            key={row.key}
            ref={rows.measureElement}
            data-index={row.index}
            aria-setsize={items.length}
            aria-posinset={row.index + 1}
            onFocus={() => setFocused(row.index)}
            onBlur={() => setFocused(null)}
            className="absolute top-0 left-0 w-full contain-layout"
            style={{ transform: `translateY(${row.start}px)` }}
          >
            {children(items[row.index] as T)}
          </li>
        ))}
      </ul>
    </div>
  );
}
