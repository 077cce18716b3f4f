import { useQuery } from "@tanstack/react-query";
import type { TensionDTO, TensionStatus } from "trm-os-client";
import { useServices } from "@/data/api.ts";
import { type TensionFilters, tensionQuery } from "@/data/tensions.ts";
import { useTaken } from "@/data/useTaken.ts";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog } from "@/ui/Dialog.tsx";
import { Moves } from "@/ui/tensions/Moves.tsx";
import { STATUS_WORDS, wordOf } from "@/ui/tensions/words.ts";
import { usePlaced } from "./usePlaced.ts";

/** Milliseconds until the card stands in its new column. */
const PLACED_IN = 100;

interface Props {
  tension: TensionDTO;
  to?: TensionStatus | undefined;
  filters: TensionFilters;
  say: (outcome: string) => void;
  onClose: () => void;
}

/** The menu of a card: where it may go. What is refused says why, and the card stays. */
export function MoveDialog({ tension, to, filters, say, onClose }: Props) {
  const { t } = useMessages();
  const taken = useTaken();
  const { client } = useServices();
  const place = usePlaced(filters);
  const read = useQuery({ ...tensionQuery(client, tension.id), staleTime: 0 }).data;
  const seen = read && "tension" in read && read.tension.rev >= tension.rev ? read : { tension };
  return (
    <Dialog label={t("tension.move")} onClose={onClose}>
      <h2 dir="auto" className="mb-1 line-clamp-3 break-words text-18 font-semibold">
        {tension.title}
      </h2>
      <p className="mb-3 text-soft">
        {t(STATUS_WORDS[seen.tension.status])} · {t("tension.move")}
      </p>
      <Moves
        seen={seen}
        to={to}
        onMoved={(to, read) => {
          taken(tension.id, read);
          if ("tension" in read) place(read.tension);
          say(t(wordOf(read), { state: t(STATUS_WORDS[to]) }));
          onClose();
          setTimeout(() => document.getElementById(`card-${tension.id}`)?.focus(), PLACED_IN);
        }}
      />
      <Button look="bare" className="mt-4" onClick={onClose}>
        {t("help.close")}
      </Button>
    </Dialog>
  );
}
