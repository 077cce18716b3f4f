import { useMessages } from "@/messages/react.tsx";

/** For whoever sets the dashboard up: what is wrong with its settings. */
export function ConfigProblem({ mistakes }: { mistakes: string[] }) {
  const { t } = useMessages();
  return (
    <main className="mx-auto max-w-[60ch] px-6 py-24">
      <h1 className="text-24 font-semibold tracking-tight">{t("config.title")}</h1>
      <p className="mt-2 text-soft">{t("config.text")}</p>
      <ul role="alert" lang="en" className="mt-4 list-disc pl-5">
        {mistakes.map((mistake) => (
          <li key={mistake}>{mistake}</li>
        ))}
      </ul>
    </main>
  );
}
