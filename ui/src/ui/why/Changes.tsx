import { useMessages } from "@/messages/react.tsx";
import { PropertyName, Value } from "@/ui/things/Value.tsx";
import type { Change } from "./happenings.ts";

/** What a revision changed, each with what stood there before as far as it is known. */
export function Changes({ label, changes }: { label: string; changes: readonly Change[] }) {
  const { t } = useMessages();
  if (changes.length === 0) return null;
  return (
    <ul className="mt-1">
      {changes.map(({ name, before, after }) => (
        <li key={name} className="min-w-0 break-words py-0.5">
          <span className="text-soft">
            <PropertyName name={name} />:
          </span>{" "}
          {after == null ? <em>{t("why.removed")}</em> : <Value label={label} name={name} value={after} />}
          {before != null && (
            <span className="block text-13 text-soft">
              {t("why.wasBefore")} <Value label={label} name={name} value={before} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
