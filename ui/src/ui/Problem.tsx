import { useState } from "react";
import { TrmProblem } from "trm-os-client";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "./Button.tsx";

/** Why something could not be read: what the gateway says, what one can do, and the request to quote. */
export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useMessages();
  const problem = error instanceof TrmProblem ? error.problem : null;
  const [copied, setCopied] = useState(false);
  const request = problem?.requestId;
  return (
    <div role="alert" className="mt-3 max-w-[72ch] border-l-2 border-accent py-1 pl-4">
      <p className="font-medium">{t("error.title")}</p>
      <p className="text-soft">{problem?.detail ?? t("error.unreachable")}</p>
      {request && <p className="break-all text-13 text-soft">{t("error.request", { id: request })}</p>}
      <div className="mt-2 flex flex-wrap gap-2">
        {retry && <Button onClick={retry}>{t("error.retry")}</Button>}
        {request && (
          <Button look="bare" onClick={() => void navigator.clipboard?.writeText(request).then(() => setCopied(true))}>
            {copied ? t("error.copied") : t("error.copy")}
          </Button>
        )}
      </div>
    </div>
  );
}
