import { useEffect, useRef } from "react";
import { type Bindings, useKeys } from "./keys.ts";

/** What the page that is shown offers by a key; the help lists it, and the palette what can be run. */
export interface PageKey {
  /** As `useKeys` reads it. */
  keys: string;
  title: string;
  /** How the keys are written, where it is not as they are read. */
  shown?: string;
  /** Left out where the browser or a field does it. */
  run?: () => void;
}

const offered = new Map<object, readonly PageKey[]>();

/** What the page offers now. */
export function pageKeys(): PageKey[] {
  return [...offered.values()].flat();
}

/** Offer keys for as long as the part that says so is shown. */
export function usePageKeys(list: readonly PageKey[]): void {
  const owner = useRef({});
  useKeys(bindingsOf(list));
  useEffect(() => {
    offered.set(owner.current, list);
  });
  useEffect(() => {
    const one = owner.current;
    return () => {
      offered.delete(one);
    };
  }, []);
}

function bindingsOf(list: readonly PageKey[]): Bindings {
  return Object.fromEntries(list.flatMap(({ keys, run }) => (run ? [[keys, run]] : [])));
}
