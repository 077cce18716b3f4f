import { TrmProblem } from "trm-os-client";
import { mayPass } from "@/data/api.ts";
import { sentence } from "@/data/attempts.ts";
import { useMessages } from "@/messages/react.tsx";
import { RULES } from "./words.ts";

/** Why an answer does not count, as the rule it is; what was typed stands above it still. */
export function Refusal({ error }: { error: unknown }) {
  const { t } = useMessages();
  const problem = error instanceof TrmProblem ? error.problem : null;
  const rule = problem ? RULES[problem.code] : undefined;
  const said = mayPass(error) ? t("refused.unreachable") : rule ? t(rule) : t("refused.other");
  return (
    <div role="alert" className="mt-4 max-w-[72ch] border-l-2 border-accent py-1 pl-4">
      <p className="font-medium">{said}</p>
      {problem && sentence(problem.detail) !== said && <p className="break-words text-soft">{problem.detail}</p>}
      {problem?.requestId && (
        <p className="break-all text-13 text-soft">{t("error.request", { id: problem.requestId })}</p>
      )}
    </div>
  );
}
