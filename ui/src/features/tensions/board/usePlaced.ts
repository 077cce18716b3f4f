import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { TensionDTO } from "trm-os-client";
import { COLUMNS } from "@/data/lifecycle.ts";
import { placed, type TensionPages } from "@/data/placed.ts";
import { type TensionFilters, tensionKeys } from "@/data/tensions.ts";

/** Puts a tension that was moved into the column, and the place in the list, that are its own now. */
export function usePlaced(filters: TensionFilters) {
  const queries = useQueryClient();
  return useCallback(
    (tension: TensionDTO) => {
      for (const status of [undefined, ...COLUMNS]) {
        const key = [...tensionKeys.lists, status ? { ...filters, status } : filters];
        const wanted = status ? status === tension.status : tension.status !== "Archived";
        queries.setQueryData<TensionPages>(key, (before) => before && placed(before, tension, wanted));
      }
    },
    [queries, filters],
  );
}
