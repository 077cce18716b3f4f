import type { MeDTO, TensionDTO } from "trm-os-client";
import { useMessages } from "@/messages/react.tsx";
import { WhyLink } from "@/ui/why/WhyLink.tsx";
import { Trust } from "./Trust.tsx";

/** Of so many, each can be asked why; of more, in the drawer. */
const ASKED = 3;

/** Who felt and owns it, and whom and what it concerns. */
export function People({ me, tension }: { me: MeDTO; tension: TensionDTO }) {
  const { t } = useMessages();
  const names = (people: { id: string; fullName: string }[]) => people.map((one) => [one.id, one.fullName] as const);
  const things = (projects: { id: string; name: string }[]) => projects.map((one) => [one.id, one.name] as const);
  const rows = [
    [t("tension.detector"), "DETECTED_BY", names([tension.detector])],
    [t("tension.owner"), "OWNED_BY", names(tension.owner ? [tension.owner] : [])],
    [t("tension.affects"), "AFFECTS", [...names(tension.affectedPeople), ...things(tension.affectedProjects)]],
    [t("tension.mentions"), "MENTIONS", [...names(tension.mentionedPeople), ...things(tension.mentionedProjects)]],
    [t("tension.supportedBy"), "SUPPORTED_BY", names(tension.supportedBy)],
    [t("tension.visibleTo"), "VISIBLE_TO", tension.visibility === "parties" ? names(tension.visibleTo) : []],
  ] as const;
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1 max-sm:grid-cols-1 max-sm:gap-y-0">
      {rows
        .filter(([, , all]) => all.length > 0)
        .map(([word, type, all]) => (
          <div key={word} className="contents">
            <dt className="text-soft max-sm:mt-2 max-sm:text-13">{word}</dt>
            <dd className="min-w-0 break-words">
              {all.map(([id, name], place) => (
                <span key={id} className="mr-2">
                  <bdi>{name}</bdi>
                  {all.length <= ASKED && (
                    <>
                      {" "}
                      <WhyLink of={`${tension.id}/${type}/${id}`} name={`${word}: ${name}`} small />
                    </>
                  )}
                  {place < all.length - 1 && ", "}
                </span>
              ))}
              {type === "DETECTED_BY" && <Trust me={me} detector={tension.detector} />}
            </dd>
          </div>
        ))}
    </dl>
  );
}
