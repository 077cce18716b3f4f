import type { WhyDTO } from "trm-os-client";
import { useMessages } from "@/messages/react.tsx";
import { lookOf } from "@/ui/kinds.ts";
import { Page } from "@/ui/Page.tsx";
import { Severity } from "@/ui/Severity.tsx";
import { Facts } from "@/ui/things/Facts.tsx";
import { titleOf } from "@/ui/things/facts.ts";
import { Standing } from "@/ui/things/Standing.tsx";
import { kindWord, stateWord } from "@/ui/things/words.ts";
import { Relations } from "@/ui/why/Relations.tsx";
import { factsBeside } from "./beside.ts";

/** A thing of any kind: what it says, its chain, and what it is related to. */
export function Thing({ page }: { page: WhyDTO }) {
  const { t } = useMessages();
  const { label, properties } = page;
  const { icon: Icon, hue } = lookOf(label);
  const kind = kindWord(label);
  const called = kind ? t(kind) : label;
  const title = titleOf(properties) ?? called;
  const status = typeof properties.status === "string" ? properties.status : null;
  const word = status ? stateWord(label, status) : null;
  const facts = factsBeside(properties, title);
  return (
    <Page title={title}>
      <p className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-soft">
        <span className="inline-flex items-center gap-2 text-ink">
          <Icon size={18} style={{ color: hue }} aria-hidden="true" />
          {called}
        </span>
        {status && <span>{word ? t(word) : status}</span>}
        <Severity value={properties.severity} />
      </p>
      <Standing id={page.id} name={title} />
      <section className="mt-6">
        <h2 className="text-18 font-semibold">{t("things.facts")}</h2>
        <div className="mt-2">
          {Object.keys(facts).length > 0 ? (
            <Facts label={label} properties={facts} />
          ) : (
            <p className="text-soft">{t("things.nothing")}</p>
          )}
        </div>
      </section>
      {page.relations.length > 0 && (
        <section className="mt-8">
          <h2 className="text-18 font-semibold">{t("why.relations")}</h2>
          <div className="mt-2">
            <Relations of={page.id} relations={page.relations} more={page.moreRelations} />
          </div>
        </section>
      )}
    </Page>
  );
}
