import { useRef } from "react";
import type { DecisionDTO } from "trm-os-client";
import { usePageKeys } from "@/frame/pageKeys.ts";
import { useMessages } from "@/messages/react.tsx";
import { DecisionRow } from "./DecisionRow.tsx";
import { stepped } from "./order.ts";

/** What waits, the newest first; `j` and `k` move the focus, Enter opens what has it. */
export function DecisionList({ decisions }: { decisions: DecisionDTO[] }) {
  const { t } = useMessages();
  const list = useRef<HTMLUListElement>(null);

  function move(step: 1 | -1) {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    const focused = rows.indexOf(document.activeElement as HTMLElement);
    const place = focused >= 0 ? focused : rows.findIndex((row) => row.hasAttribute("aria-current"));
    rows[stepped(rows.length, place, step)]?.focus();
  }

  usePageKeys([
    { keys: "j", title: t("decisions.keyNext"), run: () => move(1) },
    { keys: "k", title: t("decisions.keyBefore"), run: () => move(-1) },
    { keys: "Enter", title: t("decisions.keyOpen") },
  ]);
  return (
    <ul ref={list} aria-label={t("decisions.list")} className="divide-y divide-line border-y border-line">
      {decisions.map((decision) => (
        <DecisionRow key={decision.id} decision={decision} />
      ))}
    </ul>
  );
}
