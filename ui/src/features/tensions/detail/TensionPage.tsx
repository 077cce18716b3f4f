import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { MeDTO, WriteReceiptDTO } from "trm-os-client";
import { isGone, useServices } from "@/data/api.ts";
import { useDrafts } from "@/data/drafts.ts";
import { REPORT } from "@/data/reports.ts";
import { tensionQuery } from "@/data/tensions.ts";
import { useMessages } from "@/messages/react.tsx";
import { Absent } from "@/ui/Absent.tsx";
import { Allowed } from "@/ui/Allowed.tsx";
import { Page } from "@/ui/Page.tsx";
import { Problem } from "@/ui/Problem.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { Tension } from "./Tension.tsx";

/** One tension: what it says, how severe it is and why, and what people say of it. */
export function TensionPage() {
  const { tensionId } = useParams({ from: "/tensions/$tensionId" });
  return <Allowed part="tensions">{(me) => <Read key={tensionId} id={tensionId} me={me} />}</Allowed>;
}

function Read({ id, me }: { id: string; me: MeDTO }) {
  const { t } = useMessages();
  const { client } = useServices();
  const read = useQuery(tensionQuery(client, id));
  if (read.data && "tension" in read.data) return <Tension seen={read.data} me={me} />;
  return (
    <Page title={t("tension.title")}>
      {read.data ? (
        <Receipt receipt={read.data.receipt} reader={me.identityId} />
      ) : isGone(read.error) ? (
        <Absent />
      ) : read.error ? (
        <Problem error={read.error} retry={() => void read.refetch()} />
      ) : (
        <Skeleton rows={5} />
      )}
      <Link to="/tensions" activeOptions={{ exact: true }} className="mt-6 inline-block text-accent underline">
        {t("tensions.all")}
      </Link>
    </Page>
  );
}

/** How far a report is that does not stand yet; one that could not be written is taken up again. */
function Receipt({ receipt, reader }: { receipt: WriteReceiptDTO; reader: string }) {
  const { t } = useMessages();
  const drafts = useDrafts(REPORT, reader);
  if (receipt.writeStatus === "pending") {
    return (
      <p role="status" className="mt-4 animate-breathe text-soft">
        {t("write.beingWritten")}
      </p>
    );
  }
  return (
    <div role="alert" className="mt-4 max-w-[72ch] border-l-2 border-accent py-1 pl-4">
      <p className="font-medium">{t("write.failed")}</p>
      <p className="break-words text-soft">{receipt.failure?.detail}</p>
      <Link
        to="/tensions/new"
        onClick={() => drafts.takeUp(receipt.id)}
        className="mt-2 inline-block rounded border border-line px-3 py-1 hover:bg-sunk"
      >
        {t("report.again")}
      </Link>
    </div>
  );
}
