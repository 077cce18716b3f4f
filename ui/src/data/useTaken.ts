import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { type TensionRead, tensionKeys } from "./tensions.ts";

const WRITTEN_IN = 1_500;

/** Takes what a change was answered with: the tension as it is now, or it is read once it should be written. */
export function useTaken() {
  const queries = useQueryClient();
  return useCallback(
    (id: string, read: TensionRead) => {
      const again = () => {
        void queries.invalidateQueries({ queryKey: tensionKeys.one(id) });
        void queries.invalidateQueries({ queryKey: tensionKeys.lists });
      };
      if ("receipt" in read) setTimeout(again, WRITTEN_IN);
      else {
        queries.setQueryData(tensionKeys.one(id), read);
        void queries.invalidateQueries({ queryKey: tensionKeys.lists, refetchType: "none" });
      }
    },
    [queries],
  );
}
