import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { TensionDTO, TensionStatus } from "trm-os-client";
import { useServices } from "@/data/api.ts";
import { asksWhy, FOLLOWING } from "@/data/lifecycle.ts";
import { move, type TensionFilters, tensionKeys } from "@/data/tensions.ts";
import { useTaken } from "@/data/useTaken.ts";
import { useWrite } from "@/data/useWrite.ts";
import { useMessages } from "@/messages/react.tsx";
import { STATUS_WORDS, wordOf } from "@/ui/tensions/words.ts";
import { usePlaced } from "./usePlaced.ts";
import type { ViewProps } from "./view.ts";

/** The card that the mouse holds, and what becomes of it where it is let go. */
export function useDrag(filters: TensionFilters, onMove: ViewProps["onMove"], say: ViewProps["say"]) {
  const { t, language } = useMessages();
  const { client } = useServices();
  const queries = useQueryClient();
  const taken = useTaken();
  const place = usePlaced(filters);
  const [dragged, setDragged] = useState<TensionDTO | null>(null);
  const write = useWrite(
    ({ tension, to }: { tension: TensionDTO; to: TensionStatus }, key) => move(client, { tension }, { to }, key),
    {
      onDone: (read, { tension, to }) => {
        taken(tension.id, read);
        if ("tension" in read) place(read.tension);
        say(t(wordOf(read), { state: t(STATUS_WORDS[to]) }));
      },
      onFailed: () => void queries.invalidateQueries({ queryKey: tensionKeys.lists }),
    },
  );

  function drop(to: TensionStatus) {
    if (!dragged || dragged.status === to) return;
    const following = FOLLOWING[dragged.status];
    setDragged(null);
    write.reset();
    say("");
    if (!following.includes(to)) {
      const states = new Intl.ListFormat(language, { type: "disjunction" }).format(
        following.map((one) => t(STATUS_WORDS[one])),
      );
      say(t("tensions.notThere", { from: t(STATUS_WORDS[dragged.status]), states }));
    } else if (asksWhy(to)) onMove?.(dragged, to);
    else if (!write.isPending) write.mutate({ tension: dragged, to });
  }

  return { dragged, setDragged, drop, error: write.error };
}
