import type { RelationDTO } from "trm-os-client";
import { useMessages } from "@/messages/react.tsx";
import { RelationLine } from "./RelationLine.tsx";

interface Props {
  of: string;
  relations: readonly RelationDTO[];
  more: boolean;
}

/** What a thing is related to; what holds no more is folded. */
export function Relations({ of, relations, more }: Props) {
  const { t } = useMessages();
  const past = relations.filter((one) => one.validTo);
  return (
    <>
      <List of={of} relations={relations.filter((one) => !one.validTo)} />
      {past.length > 0 && (
        <details className="mt-1">
          <summary className="w-fit text-accent underline">{t("why.relationsPast", { count: past.length })}</summary>
          <List of={of} relations={past} />
        </details>
      )}
      {more && <p className="text-13 text-soft">{t("why.relationsMore")}</p>}
    </>
  );
}

function List({ of, relations }: Omit<Props, "more">) {
  return (
    <ul>
      {relations.map((one) => (
        <RelationLine key={`${one.id} ${one.validFrom}`} of={of} relation={one} />
      ))}
    </ul>
  );
}
