import type { LiveState } from "@/live/follower.ts";
import { useLive } from "@/live/LiveProvider.tsx";
import type { MessageKey } from "@/messages/catalogue.ts";
import { useMessages } from "@/messages/react.tsx";

const LOOKS: Record<LiveState, { shape: string; word: MessageKey; tone: string }> = {
  connecting: { shape: "◌", word: "live.connecting", tone: "text-soft" },
  live: { shape: "●", word: "live.live", tone: "text-accent" },
  waiting: { shape: "○", word: "live.waiting", tone: "text-soft" },
  refused: { shape: "–", word: "live.refused", tone: "text-soft" },
};

/** Whether what happens is told as it happens. */
export function Connection() {
  const { t } = useMessages();
  const look = LOOKS[useLive().state];
  return (
    <span role="status" className="whitespace-nowrap text-13 text-soft">
      <span aria-hidden="true" className={look.tone}>
        {look.shape}
      </span>{" "}
      {t(look.word)}
    </span>
  );
}
