import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { RecognitionDTO, WriteReceiptDTO } from "trm-os-client";
import { useServices } from "@/data/api.ts";
import { useDrafts } from "@/data/drafts.ts";
import { RECOGNITION, receiversOf, type Words } from "@/data/recognising.ts";
import { ASKED_EVERY, recognitionQuery } from "@/data/recognitions.ts";
import { useMessages } from "@/messages/react.tsx";
import { lookOf } from "@/ui/kinds.ts";

/** What the reader sent and does not know to stand: how far it is, with its run. */
export function Sent({ reader }: { reader: string }) {
  const { t } = useMessages();
  const [sent] = useState(useDrafts(RECOGNITION, reader).waiting());
  if (sent.length === 0) return null;
  return (
    <ul aria-label={t("recognise.sent")} className="mt-2">
      {sent.map(({ id, words }) => (
        <SentItem key={id} id={id} words={words} reader={reader} />
      ))}
    </ul>
  );
}

function SentItem({ id, words, reader }: { id: string; words: Words; reader: string }) {
  const { t, language } = useMessages();
  const { client } = useServices();
  const drafts = useDrafts(RECOGNITION, reader);
  const read = useQuery({
    ...recognitionQuery(client, id),
    refetchInterval: ({ state: { data } }) => (data && data.writeStatus !== "pending" ? false : ASKED_EVERY),
    staleTime: 0,
  }).data;
  const stands = read?.writeStatus === "written";
  useEffect(() => {
    if (stands) drafts.written(id);
  }, [drafts, id, stands]);
  const { icon: Icon, hue } = lookOf("Recognition");
  const whom = new Intl.ListFormat(language).format(receiversOf(words).map(({ name }) => name));
  return (
    <li className="flex gap-3 border-b border-line py-3">
      <Icon size={20} className="mt-0.5 shrink-0" style={{ color: hue }} aria-hidden="true" />
      <div className="min-w-0 grow">
        <p className="flex flex-wrap justify-between gap-x-4">
          <span className="min-w-0 break-words">{t("recognise.forWhom", { whom })}</span>
          <span role="status" className={`text-13 text-soft ${stands ? "" : "animate-breathe"}`}>
            {stands ? (
              <Link to="/recognitions/$recognitionId" params={{ recognitionId: id }} className="text-accent underline">
                {t("recognise.written")}
              </Link>
            ) : (
              read?.writeStatus !== "failed" && t("write.beingWritten")
            )}
          </span>
        </p>
        <p dir="auto" className="line-clamp-2 break-words text-soft">
          {words.content}
        </p>
        {read?.writeStatus === "failed" && (
          <p role="alert" className="break-words">
            {t("recognise.failed", { why: "failure" in read ? (read.failure?.detail ?? "") : "" })}{" "}
            <Link to="/recognise" onClick={() => drafts.takeUp(id)} className="text-accent underline">
              {t("recognise.again")}
            </Link>
          </p>
        )}
        {read && (
          <p className="break-all text-13 text-soft">
            {t("recognise.run")} {runOf(read)}
          </p>
        )}
      </div>
    </li>
  );
}

/** The run that writes it, or did. */
function runOf(read: RecognitionDTO | WriteReceiptDTO): string | undefined {
  return ("workflowId" in read ? read.workflowId : read.recordedBy[0]?.workflowId) ?? undefined;
}
