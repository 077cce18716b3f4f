import { useNavigate } from "@tanstack/react-router";
import type { DecisionKind } from "trm-os-client";
import { DECISION_KINDS } from "@/data/decisions.ts";
import { useMessages } from "@/messages/react.tsx";
import { KINDS } from "./words.ts";

/** Which kind of decisions is listed; it stands in the address. */
export function KindFilter({ kind }: { kind: DecisionKind | undefined }) {
  const { t } = useMessages();
  const navigate = useNavigate();
  return (
    <label className="mb-3 flex flex-wrap items-center gap-2 text-13 text-soft">
      {t("decisions.kind")}
      <select
        value={kind ?? ""}
        onChange={(event) => {
          const chosen = DECISION_KINDS.find((one) => one === event.target.value);
          void navigate({ to: "/decisions", search: chosen ? { kind: chosen } : {} });
        }}
        className="min-h-8 rounded border border-line bg-ground px-2 text-15 text-ink"
      >
        <option value="">{t("decisions.anyKind")}</option>
        {DECISION_KINDS.map((one) => (
          <option key={one} value={one}>
            {t(KINDS[one])}
          </option>
        ))}
      </select>
    </label>
  );
}
