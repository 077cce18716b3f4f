import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import type { MeDTO, TensionDTO } from "trm-os-client";
import { useDrafts } from "@/data/drafts.ts";
import { mayChange } from "@/data/mine.ts";
import { keys } from "@/data/queries.ts";
import { REPORT } from "@/data/reports.ts";
import { offers } from "@/data/scopes.ts";
import { useTaken } from "@/data/useTaken.ts";
import { useMessages } from "@/messages/react.tsx";
import { lookOf } from "@/ui/kinds.ts";
import { Outcome, type Told } from "@/ui/Outcome.tsx";
import { Page } from "@/ui/Page.tsx";
import { Severity } from "@/ui/Severity.tsx";
import { Moves } from "@/ui/tensions/Moves.tsx";
import { KIND_WORDS, STATUS_WORDS, wordOf } from "@/ui/tensions/words.ts";
import { Standing } from "@/ui/things/Standing.tsx";
import { When } from "@/ui/When.tsx";
import { Comments } from "./Comments.tsx";
import { Hints } from "./Hints.tsx";
import { Judgement } from "./Judgement.tsx";
import { People } from "./People.tsx";
import { Rating } from "./Rating.tsx";
import { Said } from "./Said.tsx";
import { Support } from "./Support.tsx";

interface Props {
  seen: { tension: TensionDTO; etag: string };
  me: MeDTO;
}

export function Tension({ seen, me }: Props) {
  const { t } = useMessages();
  const { tension } = seen;
  const taken = useTaken();
  const queries = useQueryClient();
  const drafts = useDrafts(REPORT, me.identityId);
  const [written, setWritten] = useState("");
  const [moved, setMoved] = useState<Told | null>(null);
  const writes = offers(me.scopes, "report");
  const lives = tension.status !== "Archived";
  const changes = writes && lives && mayChange(me, tension);

  useEffect(() => {
    if (drafts.written(tension.id)) setWritten(t("write.written"));
  }, [drafts, tension.id, t]);
  // Somebody's first report makes them known as a person.
  const known = me.person != null;
  useEffect(() => {
    if (!known) void queries.invalidateQueries({ queryKey: keys.me });
  }, [known, queries]);

  return (
    <Page title={tension.title}>
      <Line tension={tension} />
      <Standing id={tension.id} name={tension.title} />
      {tension.escalatedTo && (
        <p className="mt-2 max-w-[72ch] border-l-2 border-accent pl-3">
          {t("tension.escalated", { who: tension.escalatedTo })}
        </p>
      )}
      <p role="status" className="min-h-6 text-13 text-accent">
        {written}
      </p>
      {changes && tension.hints.length > 0 && <Hints hints={tension.hints} />}
      <Said tension={tension} />
      <Part title={t("tension.people")}>
        <People me={me} tension={tension} />
        {writes && lives && <Support tension={tension} me={me} />}
      </Part>
      <Part title={t("tension.severity")}>
        <Judgement tension={tension} />
        {changes && <Rating tension={tension} />}
      </Part>
      {writes && (lives || moved) && (
        <Part title={t("tension.move")}>
          {changes ? (
            <Moves
              seen={seen}
              onMoved={(to, read) => {
                taken(tension.id, read);
                setMoved({ text: t(wordOf(read), { state: t(STATUS_WORDS[to]) }) });
              }}
            />
          ) : (
            lives && <p className="max-w-[72ch] text-soft">{t("tension.whoMoves")}</p>
          )}
          <Outcome told={moved} />
        </Part>
      )}
      <Part title={t("tension.comments", { count: tension.comments })}>
        <Comments id={tension.id} writes={writes && lives} />
      </Part>
      <Link to="/tensions" activeOptions={{ exact: true }} className="mt-8 inline-block text-accent underline">
        {t("tensions.all")}
      </Link>
    </Page>
  );
}

/** State, severity and kind, when it was felt, and who may see it. */
function Line({ tension }: { tension: TensionDTO }) {
  const { t } = useMessages();
  const { icon: Icon, hue } = lookOf("Tension");
  return (
    <p className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-soft">
      <span className="inline-flex items-center gap-2 text-ink">
        <Icon size={18} style={{ color: hue }} aria-hidden="true" />
        {t(STATUS_WORDS[tension.status])}
      </span>
      {tension.severity ? <Severity value={tension.severity} /> : <span>{t("tension.unrated")}</span>}
      {tension.kind && <span>{t(KIND_WORDS[tension.kind])}</span>}
      <When at={tension.occurredAt} />
      <span>{tension.visibility === "parties" ? t("tension.parties") : t("tension.everyone")}</span>
    </p>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-8">
      <h2 className="text-18 font-semibold">{title}</h2>
      <div className="mt-2">{children}</div>
    </section>
  );
}
