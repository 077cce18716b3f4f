import { useQuery } from "@tanstack/react-query";
import { isGone, useServices } from "@/data/api.ts";
import { chainQuery } from "@/data/chain.ts";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "@/ui/Button.tsx";
import { Ribbon } from "./Ribbon.tsx";

/** The chain that a thing stands in; nothing where it stands in none. */
export function Chain({ id }: { id: string }) {
  const { t } = useMessages();
  const { client } = useServices();
  const chain = useQuery(chainQuery(client, id));
  if (isGone(chain.error)) return null;
  if (chain.data) return chain.data.stations.length > 0 ? <Ribbon key={id} chain={chain.data} /> : null;
  if (chain.error) {
    return (
      <p role="status" className="flex flex-wrap items-center gap-2 text-13 text-soft">
        {t("chain.away")}
        <Button look="bare" onClick={() => void chain.refetch()}>
          {t("error.retry")}
        </Button>
      </p>
    );
  }
  return <div aria-hidden="true" className="min-h-9" />;
}
