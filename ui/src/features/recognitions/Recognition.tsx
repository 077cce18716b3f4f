import { Fragment, type ReactNode } from "react";
import type { RecognitionDTO } from "trm-os-client";
import { useMessages } from "@/messages/react.tsx";
import { lookOf } from "@/ui/kinds.ts";
import { Page } from "@/ui/Page.tsx";
import { Standing } from "@/ui/things/Standing.tsx";
import { ThingLink } from "@/ui/things/ThingLink.tsx";
import { Value } from "@/ui/things/Value.tsx";
import { stateWord, valueWord } from "@/ui/things/words.ts";
import { When } from "@/ui/When.tsx";
import { WhyLink } from "@/ui/why/WhyLink.tsx";
import { History } from "./History.tsx";

const LABEL = "Recognition";

export function Recognition({ recognition }: { recognition: RecognitionDTO }) {
  const { t } = useMessages();
  const { icon: Icon, hue } = lookOf(LABEL);
  const { id, status, type, visibility, giver, receivers, project, taskId, tensionId, values } = recognition;
  const state = stateWord(LABEL, status);
  const kind = type && valueWord(LABEL, "type", type);
  const seen = valueWord(LABEL, "visibility", visibility);
  const title = t("recognition.from", { who: giver.fullName });
  return (
    <Page title={title}>
      <p className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-soft">
        <span className="inline-flex items-center gap-2 text-ink">
          <Icon size={18} style={{ color: hue }} aria-hidden="true" />
          {state ? t(state) : status}
        </span>
        {type && <span>{kind ? t(kind) : type}</span>}
        <When at={recognition.occurredAt} />
        <span>{seen ? t(seen) : visibility}</span>
      </p>
      <Standing id={id} name={title} />
      <blockquote
        dir="auto"
        className="mt-6 max-w-[72ch] border-l-2 pl-4 text-18 whitespace-pre-wrap break-words"
        style={{ borderColor: hue }}
      >
        {recognition.content}
      </blockquote>
      <dl className="mt-6 grid gap-x-4 gap-y-1 sm:grid-cols-[max-content_minmax(0,1fr)]">
        <Fact word={t("recognition.giver")}>
          <End of={id} type="RECOGNIZED_BY" word={t("recognition.giver")} thing={person(giver)} />
        </Fact>
        <Fact word={t("recognition.receivers")}>
          {receivers.map((one) => (
            <End key={one.id} of={id} type="RECEIVED_BY" word={t("recognition.receivers")} thing={person(one)} />
          ))}
        </Fact>
        {project && (
          <Fact word={t("recognition.project")}>
            <End
              of={id}
              type={taskId ? null : "RECOGNIZES_CONTRIBUTION_TO"}
              word={t("recognition.project")}
              thing={{ label: "Project", id: project.id, name: project.name }}
            />
          </Fact>
        )}
        {taskId && (
          <Fact word={t("recognition.task")}>
            <End
              of={id}
              type="RECOGNIZES_CONTRIBUTION_TO"
              word={t("recognition.task")}
              thing={{ label: "Task", id: taskId, name: t("recognition.showTask") }}
            />
          </Fact>
        )}
        {tensionId && (
          <Fact word={t("recognition.tension")}>
            <End
              of={id}
              type="EASES"
              word={t("recognition.tension")}
              thing={{ label: "Tension", id: tensionId, name: t("recognition.showTension") }}
            />
          </Fact>
        )}
        {values.length > 0 && (
          <Fact word={t("recognition.values")}>
            <Value label={LABEL} name="values" value={values} />
          </Fact>
        )}
      </dl>
      <History id={id} />
    </Page>
  );
}

function person({ id, fullName }: { id: string; fullName: string }) {
  return { label: "Person", id, name: fullName };
}

function Fact({ word, children }: { word: string; children: ReactNode }) {
  return (
    <Fragment>
      <dt className="text-soft max-sm:mt-1 max-sm:text-13">{word}</dt>
      <dd className="flex min-w-0 flex-wrap gap-x-4">{children}</dd>
    </Fragment>
  );
}

interface EndProps {
  of: string;
  /** Of the relation that leads there; null where it is reached over something else. */
  type: string | null;
  word: string;
  thing: { label: string; id: string; name: string };
}

/** What the recognition is related to, and why. */
function End({ of, type, word, thing }: EndProps) {
  return (
    <span className="inline-flex min-w-0 items-baseline gap-1">
      <ThingLink thing={thing} icon />
      {type && <WhyLink of={`${of}/${type}/${thing.id}`} name={`${word}: ${thing.name}`} small />}
    </span>
  );
}
