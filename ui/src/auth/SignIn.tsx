import { useServices } from "@/data/api.ts";
import type { MessageKey } from "@/messages/catalogue.ts";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "@/ui/Button.tsx";
import type { Failure, SessionState } from "./session.ts";

const FAILURES: Record<Failure, MessageKey> = {
  refused: "signIn.refused",
  interrupted: "signIn.interrupted",
  unreachable: "signIn.unreachable",
};

/** A calm page with one thing to do. */
export function SignIn({ state }: { state: Extract<SessionState, { is: "out" }> }) {
  const { t, language, setLanguage } = useMessages();
  const { session } = useServices();
  const other = language === "en" ? "vi" : "en";
  const here = () => location.pathname + location.search + location.hash;
  return (
    <main className="mx-auto flex min-h-dvh max-w-[48ch] flex-col justify-center px-6 py-12">
      <p className="text-soft">{t("app.name")}</p>
      <h1 className="mt-2 text-32 font-semibold tracking-tight text-balance">{t("signIn.title")}</h1>
      <p className="mt-3 text-soft" role={state.ended ? "status" : undefined}>
        {state.ended ? t("signIn.ended") : t("signIn.text")}
      </p>
      {state.failure && (
        <p role="alert" className="mt-3 border-l-2 border-accent pl-3 break-words">
          {t(FAILURES[state.failure])}
        </p>
      )}
      <div className="mt-8 flex items-center gap-3">
        <Button look="main" onClick={() => void session.signIn(here())}>
          {t("signIn.button")}
        </Button>
        <Button look="bare" lang={other} title={t("top.languageLabel")} onClick={() => setLanguage(other)}>
          {t("top.language")}
        </Button>
      </div>
    </main>
  );
}
