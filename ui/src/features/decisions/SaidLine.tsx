import { Link } from "@tanstack/react-router";
import { Check } from "lucide-react";
import { useMessages } from "@/messages/react.tsx";
import type { Outcome } from "./drafts.ts";

/** What I decided last. */
export interface Said {
  id: string;
  question: string;
  outcome: Outcome;
}

/** Tells what was decided, also to who does not look; from the next one it leads back to it. */
export function SaidLine({ said, shown }: { said: Said | null; shown: string | undefined }) {
  const { t } = useMessages();
  return (
    <div role="status" className="max-w-[80ch]">
      {said && (
        <p key={said.id} className="mt-4 flex animate-arrive gap-2 text-soft">
          <Check size={18} className="mt-0.5 shrink-0 text-accent" aria-hidden="true" />
          <span className="min-w-0 break-words">
            {t(said.outcome === "Approve" ? "decisions.saidApproved" : "decisions.saidRejected", {
              question: said.question,
            })}{" "}
            {shown !== said.id && (
              <Link
                to="/decisions/$decisionId"
                params={{ decisionId: said.id }}
                search={true}
                className="text-accent underline"
              >
                {t("decisions.show")}
              </Link>
            )}
          </span>
        </p>
      )}
    </div>
  );
}
