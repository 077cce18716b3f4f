import { useEffect, useRef } from "react";

/** Keys ("?", "g h", "mod k") → what they do. `mod` is Ctrl, or ⌘ on a Mac. */
export type Bindings = Record<string, () => void>;

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">;

const PATIENCE = 1_000;
/** Begins pairs alone: what follows it means nothing by itself. */
const LEADER = "g";

/** Finds what a press means, with the one before it where two keys belong together. */
export class KeyReader {
  #before = "";
  #at = 0;

  /** The binding that the press completes. */
  read(press: Press, bindings: Bindings, now: number): string | null {
    const key = nameOf(press);
    const before = now - this.#at < PATIENCE ? this.#before : "";
    const pair = `${before} ${key}`;
    this.#before = "";
    if (before && pair in bindings) return pair;
    if (before === LEADER) return null;
    if (key in bindings) return key;
    this.#before = key;
    this.#at = now;
    return null;
  }
}

function nameOf(press: Press): string {
  if (press.altKey) return "";
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  return press.ctrlKey || press.metaKey ? `mod ${key}` : key;
}

/** Whether somebody is typing there; what is only ticked takes no letters. */
function isField(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement && /^(radio|checkbox)$/.test(target.type)) return false;
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Listen to keys; in fields and open dialogs only to those with Ctrl or ⌘. */
export function useKeys(bindings: Bindings): void {
  const current = useRef(bindings);
  useEffect(() => {
    current.current = bindings;
  });
  useEffect(() => {
    const reader = new KeyReader();
    function onKeyDown(event: KeyboardEvent) {
      const free = event.ctrlKey || event.metaKey || !(isField(event.target) || document.querySelector("dialog[open]"));
      if (event.isComposing || !free) return;
      const found = reader.read(event, current.current, event.timeStamp);
      if (!found) return;
      event.preventDefault();
      current.current[found]?.();
    }
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}
