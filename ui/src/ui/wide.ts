import { useSyncExternalStore } from "react";

const wide = () => matchMedia("(min-width: 64rem)");

/** Whether there is room for two columns; the same width as the prefix `lg:`. */
export function useWide(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = wide();
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => wide().matches,
  );
}
