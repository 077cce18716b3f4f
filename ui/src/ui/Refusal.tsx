import { TrmProblem } from "trm-os-client";
import { isStale, sentence } from "@/data/attempts.ts";
import { useMessages } from "@/messages/react.tsx";

/** Why a write did not take place, in one sentence: the rule, that it changed meanwhile, or that nobody answered. */
export function Refusal({ error }: { error: unknown }) {
  const { t } = useMessages();
  if (!error) return null;
  const problem = error instanceof TrmProblem ? error.problem : null;
  const said = isStale(error) ? t("write.stale") : problem ? sentence(problem.detail) : t("write.unreachable");
  const more = problem?.errors?.map((one) => ({ ...one, detail: sentence(one.detail) })) ?? [];
  return (
    <div role="alert" className="mt-2 max-w-[72ch] border-l-2 border-accent py-1 pl-3">
      <p className="break-words">{said}</p>
      {more
        .filter(({ detail }) => detail !== said)
        .map(({ pointer, detail }) => (
          <p key={pointer + detail} className="break-words text-soft">
            {detail}
          </p>
        ))}
      {problem && problem.status >= 500 && problem.requestId && (
        <p className="break-all text-13 text-soft">{t("error.request", { id: problem.requestId })}</p>
      )}
    </div>
  );
}
