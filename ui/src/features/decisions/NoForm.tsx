import type { DecisionDTO } from "trm-os-client";
import { PARTS } from "@/data/scopes.ts";
import type { MessageKey } from "@/messages/catalogue.ts";
import { useMessages } from "@/messages/react.tsx";
import type { Standing } from "./standing.ts";
import { POLICIES } from "./words.ts";

const WHY: Record<Exclude<Standing, "may" | "decided" | "noScope">, MessageKey> = {
  late: "noForm.late",
  own: "noForm.own",
  notAsked: "noForm.notAsked",
};

/** Why there is nothing to answer here. */
export function NoForm({ standing, decision }: { standing: Standing; decision: DecisionDTO }) {
  const { t } = useMessages();
  if (standing === "may" || standing === "decided") return null;
  const { policy } = decision;
  return (
    <p className="mt-6 max-w-[72ch] border-l-2 border-line pl-4 text-soft">
      {standing === "noScope" ? t("noForm.noScope", { scope: PARTS.deciding[0] }) : t(WHY[standing])}
      {standing === "late" && policy && ` ${t("noForm.policy", { policy: t(POLICIES[policy]) })}`}
    </p>
  );
}
