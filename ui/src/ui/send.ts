import type { KeyboardEvent } from "react";

/** Ctrl or ⌘ with Enter sends what is typed. */
export function onSend(send: () => void) {
  return (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
}
