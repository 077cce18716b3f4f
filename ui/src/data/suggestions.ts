import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { unwrap } from "trm-os-client";
import { useServices } from "./api.ts";
import type { ChipKind } from "./recognising.ts";

const PAUSE = 120;

/** A value once it has not changed for a moment. */
function useSettled<T>(value: T): T {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** Whom or what somebody may mean who typed the beginning of a name. */
export function useSuggestions(kind: ChipKind | undefined, typed: string) {
  const { client } = useServices();
  const text = useSettled(typed.trim());
  return useQuery({
    queryKey: ["suggestions", kind, text],
    queryFn: async ({ signal }) =>
      unwrap(await client.GET("/v1/suggestions", { params: { query: { kind: kind ?? "Person", text } }, signal })),
    enabled: kind !== undefined && text !== "",
    placeholderData: (before, query) => (query?.queryKey[1] === kind ? keepPreviousData(before) : undefined),
  });
}
