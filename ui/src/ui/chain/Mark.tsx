import type { ChainItemDTO } from "trm-os-client";
import { useMessages } from "@/messages/react.tsx";
import { Severity } from "@/ui/Severity.tsx";
import { stateWord } from "@/ui/things/words.ts";
import { shapeOf } from "./marks.ts";

/** How it stands with something, as a small shape; its words are read aloud, and shown on hover. */
export function Mark({ item }: { item: ChainItemDTO }) {
  const { t } = useMessages();
  const word = item.status ? stateWord(item.label, item.status) : null;
  const said = word ? t(word) : (item.status ?? "");
  if (item.severity) {
    return (
      <span title={said} className="text-13">
        <Severity value={item.severity} small />
        {said && <span className="sr-only">, {said}</span>}
      </span>
    );
  }
  return (
    <span title={said} className="text-13 text-soft">
      <span aria-hidden="true">{shapeOf(item.status ?? "")}</span>
      <span className="sr-only">{said}</span>
    </span>
  );
}
