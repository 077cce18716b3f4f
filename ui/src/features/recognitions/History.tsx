import { useInfiniteQuery } from "@tanstack/react-query";
import { useServices } from "@/data/api.ts";
import { recognitionHistoryQuery } from "@/data/recognitions.ts";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "@/ui/Button.tsx";
import { Problem } from "@/ui/Problem.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { Happenings } from "@/ui/why/Happenings.tsx";
import { happeningsIn } from "@/ui/why/happenings.ts";

/** What became of a recognition, revision by revision, the newest first. */
export function History({ id }: { id: string }) {
  const { t } = useMessages();
  const { client } = useServices();
  const found = useInfiniteQuery(recognitionHistoryQuery(client, id));
  const happenings = happeningsIn(found.data?.pages.flatMap((page) => page.items) ?? []);
  return (
    <section className="mt-8">
      <h2 className="text-18 font-semibold">{t("recognition.history")}</h2>
      {found.isPending && <Skeleton rows={2} />}
      {found.error && <Problem error={found.error} retry={() => void found.refetch()} />}
      <Happenings label="Recognition" of={id} happenings={happenings} />
      {found.hasNextPage && (
        <Button className="mt-4" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("recognition.older")}
        </Button>
      )}
    </section>
  );
}
