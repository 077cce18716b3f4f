import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { isGone, useServices } from "@/data/api.ts";
import { isReceipt, whyQuery } from "@/data/why.ts";
import { useMessages } from "@/messages/react.tsx";
import { Absent } from "@/ui/Absent.tsx";
import { Page } from "@/ui/Page.tsx";
import { Problem } from "@/ui/Problem.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { Receipt } from "@/ui/why/Receipt.tsx";
import { Thing } from "./Thing.tsx";

/** Anything that has no page of its own: what it is called, what it says, its chain, and why. */
export function ThingPage() {
  const { id } = useParams({ from: "/things/$id" });
  return <Read key={id} id={id} />;
}

function Read({ id }: { id: string }) {
  const { t } = useMessages();
  const { client } = useServices();
  const found = useQuery(whyQuery(client, id));
  const gone = isGone(found.error);
  if (!gone && found.data && !isReceipt(found.data)) return <Thing page={found.data} />;
  return (
    <Page title={t(gone ? "notFound.title" : "why.details")}>
      {gone ? (
        <Absent />
      ) : found.data && isReceipt(found.data) ? (
        <Receipt receipt={found.data} />
      ) : found.error ? (
        <Problem error={found.error} retry={() => void found.refetch()} />
      ) : (
        <Skeleton rows={4} />
      )}
    </Page>
  );
}
