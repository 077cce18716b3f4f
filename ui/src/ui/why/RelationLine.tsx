import type { RelationDTO } from "trm-os-client";
import { useMessages } from "@/messages/react.tsx";
import { namesOf } from "@/ui/things/facts.ts";
import { relationWord } from "@/ui/things/relations.ts";
import { ThingLink } from "@/ui/things/ThingLink.tsx";
import { PropertyName, Value } from "@/ui/things/Value.tsx";
import { When } from "@/ui/When.tsx";
import type { Related } from "./happenings.ts";
import { WhyLink } from "./WhyLink.tsx";

interface Props {
  /** Id of the thing that reads it; both ends are told where it is neither. */
  of: string;
  relation: RelationDTO;
}

/** A relation in words: what it is, to what, since when and until when, and its own why. */
export function RelationLine({ of, relation }: Props) {
  const { id, properties, validFrom, validTo } = relation;
  const { said, other } = useRead(of, relation);
  return (
    <li className="flex flex-wrap items-baseline gap-x-2 py-1">
      <Ends of={of} related={relation} />
      {namesOf(properties).map((name) => (
        <span key={name} className="text-13 text-soft">
          <PropertyName name={name} />: <Value label="" name={name} value={properties[name]} />
        </span>
      ))}
      <span className="flex flex-wrap items-baseline gap-x-2 text-13 text-soft">
        <When at={validFrom} within="why.heldFrom" />
        {validTo && <When at={validTo} within="why.heldTo" ahead="why.holdsTo" />}
        <WhyLink of={id} name={`${said} ${other.name ?? ""}`} small />
      </span>
    </li>
  );
}

/** What a relation says, and to what. */
export function Ends({ of, related }: { of: string; related: Related }) {
  const { said, known, other, source } = useRead(of, related);
  return (
    <>
      {source && <End thing={source} />}
      <span className="text-soft">{known ? said : <code className="text-13">{said}</code>}</span>
      <End thing={other} />
    </>
  );
}

/** A relation as one of its ends reads it; as its source where it is read by neither. */
function useRead(of: string, { type, source, target }: Related) {
  const { t } = useMessages();
  const backward = source !== undefined && target.id === of;
  const word = relationWord(type, backward ? "target" : "source");
  return {
    said: word ? t(word) : type,
    known: word !== null,
    other: backward ? source : target,
    source: source && source.id !== of && target.id !== of ? source : null,
  };
}

/** An end of a relation; an event and a revision have no page, but can be asked about. */
function End({ thing }: { thing: RelationDTO["source"] }) {
  const { t } = useMessages();
  if (thing.label === "Event" || thing.label === "State")
    return <WhyLink of={thing.id} name={t(thing.label === "Event" ? "thing.Event" : "thing.State")} small />;
  return <ThingLink thing={thing} icon className="[&>bdi]:line-clamp-2" />;
}
