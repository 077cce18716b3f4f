import { HandHelping } from "lucide-react";
import type { MeDTO, TensionDTO } from "trm-os-client";
import { useServices } from "@/data/api.ts";
import { isMe } from "@/data/mine.ts";
import { support } from "@/data/tensions.ts";
import { useTaken } from "@/data/useTaken.ts";
import { useWrite } from "@/data/useWrite.ts";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "@/ui/Button.tsx";
import { Refusal } from "@/ui/Refusal.tsx";

/** Says that one feels it too, or no more; whoever felt it first is only told how many do. */
export function Support({ tension, me }: { tension: TensionDTO; me: MeDTO }) {
  const { t } = useMessages();
  const { client } = useServices();
  const taken = useTaken();
  const felt = tension.supportedBy.some((one) => isMe(me, one.id));
  const write = useWrite((body: { felt: boolean }, key) => support(client, tension.id, body, key), {
    onDone: (read) => taken(tension.id, read),
  });
  return (
    <div className="mt-3 flex flex-wrap items-center gap-3">
      {!isMe(me, tension.detector.id) && (
        <Button
          aria-pressed={felt}
          aria-disabled={write.isPending}
          onClick={() => !write.isPending && write.mutate({ felt: !felt })}
          className="aria-pressed:bg-sunk"
        >
          <HandHelping size={18} aria-hidden="true" />
          {t("support.too")}
        </Button>
      )}
      <span role="status" className="text-soft">
        {felt ? t("support.counted") : ""} {t("support.count", { count: tension.supportedBy.length })}
      </span>
      <Refusal error={write.error} />
    </div>
  );
}
