import { useQuery } from "@tanstack/react-query";
import type { RelationDTO } from "trm-os-client";
import { isGone, useServices } from "@/data/api.ts";
import { whyRelationQuery } from "@/data/why.ts";
import { useMessages } from "@/messages/react.tsx";
import { Absent } from "@/ui/Absent.tsx";
import { Problem } from "@/ui/Problem.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { relationWord } from "@/ui/things/relations.ts";
import { ThingLink } from "@/ui/things/ThingLink.tsx";
import { When } from "@/ui/When.tsx";
import { Cause } from "./Cause.tsx";
import { Section } from "./Section.tsx";

/** Each time a relation held, with what made and ended it. */
export function WhyRelation({ asked }: { asked: { id: string; type: string; targetId: string } }) {
  const { t } = useMessages();
  const { client } = useServices();
  const found = useQuery(whyRelationQuery(client, asked));
  if (isGone(found.error)) return <Absent />;
  if (found.error && !found.data) return <Problem error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton rows={3} />;
  const [newest] = found.data.held;
  if (!newest) return <Absent />;
  const word = relationWord(asked.type, "source");
  return (
    <>
      <ThingLink thing={newest.source} icon className="font-medium" />
      <p className="text-soft">{word ? t(word) : <code className="text-13">{asked.type}</code>}</p>
      <ThingLink thing={newest.target} icon className="font-medium" />
      <Section title={t("why.held")}>
        <ol>
          {found.data.held.map((one) => (
            <Held key={one.validFrom} relation={one} />
          ))}
        </ol>
      </Section>
    </>
  );
}

function Held({ relation }: { relation: RelationDTO }) {
  const { t } = useMessages();
  const { validFrom, validTo, madeBy, endedBy } = relation;
  return (
    <li className="border-b border-line py-3 last:border-0">
      <p className="flex flex-wrap gap-x-3 font-medium">
        <When at={validFrom} within="why.heldFrom" />
        {validTo && <When at={validTo} within="why.heldTo" ahead="why.holdsTo" />}
      </p>
      <h4 className="mt-2 text-13 text-soft">{t("why.madeBy")}</h4>
      {madeBy ? <Cause cause={madeBy} /> : <p className="text-soft">{t("why.nothing")}</p>}
      {validTo && (
        <>
          <h4 className="mt-2 text-13 text-soft">{t("why.endedBy")}</h4>
          {endedBy ? <Cause cause={endedBy} /> : <p className="text-soft">{t("why.nothing")}</p>}
        </>
      )}
    </li>
  );
}
