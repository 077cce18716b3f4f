import { useMessages } from "@/messages/react.tsx";
import { When } from "@/ui/When.tsx";
import { Cause } from "./Cause.tsx";
import { Changes } from "./Changes.tsx";
import type { Happening, Related } from "./happenings.ts";
import { Ends } from "./RelationLine.tsx";

interface Props {
  /** Label and id of the thing to which it happened. */
  label: string;
  of: string;
  happenings: readonly Happening[];
}

/** What happened, the newest first. */
export function Happenings({ label, of, happenings }: Props) {
  const { t } = useMessages();
  return (
    <ol>
      {happenings.map((one) => (
        <li key={one.id} className="border-b border-line py-3 last:border-0">
          {one.cause ? (
            <Cause cause={one.cause} made={one.made} />
          ) : (
            <p className="flex flex-wrap justify-between gap-x-4 text-soft">
              {t("why.hiddenCause")}
              <span className="text-13">
                <When at={one.at} />
              </span>
            </p>
          )}
          {one.rev !== null && <p className="mt-1 text-13 text-soft">{t("why.revision", { rev: one.rev })}</p>}
          {one.first && one.changes.length + one.made.length > 0 ? (
            <details className="mt-1">
              <summary className="w-fit text-accent underline">{t("why.first")}</summary>
              <Done label={label} of={of} happening={one} />
            </details>
          ) : (
            <Done label={label} of={of} happening={one} />
          )}
        </li>
      ))}
    </ol>
  );
}

function Done({ label, of, happening }: { label: string; of: string; happening: Happening }) {
  const { t } = useMessages();
  return (
    <>
      <Changes label={label} changes={happening.changes} />
      <RelatedList title={t("why.made")} of={of} list={happening.made} />
      <RelatedList title={t("why.ended")} of={of} list={happening.ended} />
    </>
  );
}

function RelatedList({ title, of, list }: { title: string; of: string; list: readonly Related[] }) {
  if (list.length === 0) return null;
  return (
    <>
      <p className="mt-1 text-13 text-soft">{title}</p>
      <ul>
        {list.map((one) => (
          <li
            key={`${one.source?.id} ${one.type} ${one.target.id}`}
            className="flex flex-wrap items-baseline gap-x-2 py-1"
          >
            <Ends of={of} related={one} />
          </li>
        ))}
      </ul>
    </>
  );
}
