import { memo } from "react";
import type { FeedEventDTO } from "trm-os-client";
import { useMessages } from "@/messages/react.tsx";
import { lookOf } from "@/ui/kinds.ts";
import { Severity } from "@/ui/Severity.tsx";
import { titleOf } from "@/ui/things/facts.ts";
import { receiversOf, sentenceOf } from "@/ui/things/sentences.ts";
import { ThingLink } from "@/ui/things/ThingLink.tsx";
import { When } from "@/ui/When.tsx";
import { WhyLink } from "@/ui/why/WhyLink.tsx";

export const FeedItem = memo(function FeedItem({ event }: { event: FeedEventDTO }) {
  const { t, language } = useMessages();
  const { data } = event;
  const { icon: Icon, hue } = lookOf(data.subject.label);
  const who = data.sentBy?.fullName ?? t("someone.agent");
  const whom = new Intl.ListFormat(language).format(receiversOf(data.relations));
  const said = t(sentenceOf(event.type, data.relations), { who, whom });
  const set = data.things.find((thing) => thing.id === data.subject.id)?.properties ?? {};
  return (
    <li className="flex gap-3 border-b border-line py-3">
      <Icon size={20} className="mt-0.5 shrink-0" style={{ color: hue }} aria-hidden="true" />
      <div className="min-w-0 grow">
        <p className="flex flex-wrap justify-between gap-x-4">
          <span className="min-w-0 break-words">{said}</span>
          <span className="text-13 text-soft">
            <Severity value={set.severity} /> <When at={data.recordedAt} /> <WhyLink of={event.id} name={said} small />
          </span>
        </p>
        <p dir="auto" className="text-soft">
          <ThingLink
            thing={{ ...data.subject, name: data.subject.name ?? titleOf(set) }}
            className="[&>bdi]:line-clamp-2"
          />
        </p>
        {data.reason && (
          <p dir="auto" className="line-clamp-2 break-words text-13 text-soft">
            {t("home.because", { reason: data.reason })}
          </p>
        )}
      </div>
    </li>
  );
});
