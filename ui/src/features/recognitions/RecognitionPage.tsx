import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { isGone, useServices } from "@/data/api.ts";
import { recognitionQuery } from "@/data/recognitions.ts";
import { useMessages } from "@/messages/react.tsx";
import { Absent } from "@/ui/Absent.tsx";
import { Allowed } from "@/ui/Allowed.tsx";
import { Page } from "@/ui/Page.tsx";
import { Problem } from "@/ui/Problem.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { Recognition } from "./Recognition.tsx";

/** One recognition: who saw whose contribution, what it was, and what became of the words. */
export function RecognitionPage() {
  const { recognitionId } = useParams({ from: "/recognitions/$recognitionId" });
  return <Allowed part="recognitions">{() => <Read key={recognitionId} id={recognitionId} />}</Allowed>;
}

function Read({ id }: { id: string }) {
  const { t } = useMessages();
  const { client } = useServices();
  const found = useQuery(recognitionQuery(client, id));
  const gone = isGone(found.error);
  if (!gone && found.data?.writeStatus === "written") return <Recognition recognition={found.data} />;
  return (
    <Page title={t("recognition.title")}>
      {gone ? (
        <Absent />
      ) : found.data && found.data.writeStatus !== "written" ? (
        <div role="status" className="mt-3">
          <p>{t(found.data.writeStatus === "pending" ? "things.beingWritten" : "things.notWritten")}</p>
          <p className="break-words text-soft">{found.data.failure?.detail}</p>
        </div>
      ) : found.error ? (
        <Problem error={found.error} retry={() => void found.refetch()} />
      ) : (
        <Skeleton rows={4} />
      )}
    </Page>
  );
}
