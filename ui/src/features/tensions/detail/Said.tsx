import type { TensionDTO } from "trm-os-client";
import type { MessageKey } from "@/messages/catalogue.ts";
import { useMessages } from "@/messages/react.tsx";

const TEXTS = [
  ["facts", "tension.facts"],
  ["currentState", "tension.currentState"],
  ["desiredState", "tension.desiredState"],
  ["feeling", "tension.feeling"],
  ["need", "tension.need"],
] as const satisfies readonly (readonly [keyof TensionDTO, MessageKey])[];

/** What a tension says beside its title. */
export function Said({ tension }: { tension: TensionDTO }) {
  const { t } = useMessages();
  const said = TEXTS.filter(([field]) => tension[field]);
  if (said.length === 0) return <p className="mt-4 text-soft">{t("tension.titleAlone")}</p>;
  return (
    <dl className="mt-4 max-w-[72ch]">
      {said.map(([field, word]) => (
        <div key={field} className="mt-4">
          <dt className="text-13 text-soft">{t(word)}</dt>
          <dd dir="auto" lang={tension.language ?? undefined} className="whitespace-pre-wrap break-words">
            {tension[field]}
          </dd>
        </div>
      ))}
    </dl>
  );
}
