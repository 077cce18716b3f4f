import { useState } from "react";
import type { MessageKey } from "@/messages/catalogue.ts";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "@/ui/Button.tsx";

const WORDS: Record<string, MessageKey> = {
  sayWhatHappened: "hint.sayWhatHappened",
  sayWhatIs: "hint.sayWhatIs",
  sayWhatShouldBe: "hint.sayWhatShouldBe",
  sayWhatKind: "hint.sayWhatKind",
  sayWhomItAffects: "hint.sayWhomItAffects",
};

/** What would make a tension clearer, one line at a time. */
export function Hints({ hints }: { hints: string[] }) {
  const { t } = useMessages();
  const [place, setPlace] = useState(0);
  const known = hints.flatMap((hint) => WORDS[hint] ?? []);
  const word = known[place % known.length];
  if (!word) return null;
  return (
    <p className="mt-2 flex max-w-[72ch] flex-wrap items-center gap-x-3 rounded bg-sunk px-3 py-2">
      <span aria-live="polite" className="min-w-0 grow basis-60">
        {t(word)}
      </span>
      {known.length > 1 && (
        <Button look="bare" onClick={() => setPlace((before) => before + 1)}>
          {t("hint.another")}
        </Button>
      )}
    </p>
  );
}
