import { useQuery } from "@tanstack/react-query";
import type { WhyDTO } from "trm-os-client";
import { isGone, useServices } from "@/data/api.ts";
import { isReceipt, whyQuery } from "@/data/why.ts";
import { useMessages } from "@/messages/react.tsx";
import { Absent } from "@/ui/Absent.tsx";
import { lookOf } from "@/ui/kinds.ts";
import { Problem } from "@/ui/Problem.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { titleOf } from "@/ui/things/facts.ts";
import { ThingLink } from "@/ui/things/ThingLink.tsx";
import { kindWord } from "@/ui/things/words.ts";
import { Happenings } from "./Happenings.tsx";
import { happeningsOf } from "./happenings.ts";
import { Receipt } from "./Receipt.tsx";
import { Relations } from "./Relations.tsx";
import { SearchedText } from "./SearchedText.tsx";
import { Section } from "./Section.tsx";

/** Everything that made a thing so. */
export function WhyThing({ id }: { id: string }) {
  const { client } = useServices();
  const found = useQuery(whyQuery(client, id));
  if (isGone(found.error)) return <Absent />;
  if (found.error && !found.data) return <Problem error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton rows={5} />;
  return isReceipt(found.data) ? <Receipt receipt={found.data} /> : <Told page={found.data} />;
}

function Told({ page }: { page: WhyDTO }) {
  const { t } = useMessages();
  const happenings = happeningsOf(page);
  // What an event made stands with it already.
  const relations = page.relations.filter((one) => page.label !== "Event" || one.madeBy?.eventId !== page.id);
  return (
    <>
      <Head page={page} />
      {page.away.map((store) => (
        <p key={store} role="status" className="mt-3 border-l-2 border-accent pl-3">
          {store === "knowledge" ? t("why.awayKnowledge") : t("why.away", { name: store })}
        </p>
      ))}
      <Section title={t("why.happened")}>
        {happenings.length === 0 ? (
          <p className="text-soft">{t("why.nothing")}</p>
        ) : (
          <Happenings label={page.label} of={page.id} happenings={happenings} />
        )}
      </Section>
      {relations.length > 0 && (
        <Section title={t("why.relations")}>
          <Relations of={page.id} relations={relations} more={page.moreRelations} />
        </Section>
      )}
      {page.text && (
        <Section title={t("why.text")}>
          <SearchedText text={page.text} />
        </Section>
      )}
    </>
  );
}

/** What is asked about; an event and a revision have no page of their own. */
function Head({ page }: { page: WhyDTO }) {
  const { t } = useMessages();
  const { icon: Icon, hue } = lookOf(page.label);
  const kind = kindWord(page.label);
  const name = titleOf(page.properties);
  const paged = page.label !== "Event" && page.label !== "State";
  return (
    <div className="flex gap-2">
      <Icon size={18} className="mt-0.5 shrink-0" style={{ color: hue }} aria-hidden="true" />
      <div className="min-w-0">
        <p className="text-13 text-soft">{kind ? t(kind) : page.label}</p>
        {paged && (
          <ThingLink thing={{ id: page.id, label: page.label, name }} className="font-medium [&>bdi]:line-clamp-4" />
        )}
      </div>
    </div>
  );
}
