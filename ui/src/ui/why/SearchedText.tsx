import type { TextDTO } from "trm-os-client";
import { useMessages } from "@/messages/react.tsx";

/** A text as the search has it: by its meaning, and by its words. */
export function SearchedText({ text }: { text: TextDTO }) {
  const { t } = useMessages();
  return (
    <>
      <ul>
        {text.vectors.map(({ model, language, revision }) => (
          <li key={model} className="break-words">
            {t("why.textVector", { model, language, revision })}
          </li>
        ))}
      </ul>
      {text.words.length > 0 && (
        <details className="mt-1">
          <summary className="w-fit text-accent underline">
            {t("why.textWords")} ({t("why.textLength", { count: text.length })})
          </summary>
          <ul className="mt-1 flex flex-wrap gap-x-4">
            {text.words.map(({ term, frequency }) => (
              <li key={term} className="break-all">
                <bdi>{term}</bdi> {frequency > 1 && <span className="numbers text-13 text-soft">×{frequency}</span>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
