import { useQuery } from "@tanstack/react-query";
import type { MeDTO, PersonBriefDTO } from "trm-os-client";
import { useServices } from "@/data/api.ts";
import { mayKnowTrust, trustQuery } from "@/data/trust.ts";
import { useMessages } from "@/messages/react.tsx";

interface Props {
  me: MeDTO;
  detector: PersonBriefDTO;
}

/** How far the detector's reports may be relied on, for whom that concerns, once anything was decided. */
export function Trust({ me, detector }: Props) {
  const { t } = useMessages();
  const { client } = useServices();
  const { data } = useQuery({ ...trustQuery(client, detector.id), enabled: mayKnowTrust(me, detector) });
  if (!data || data.confirmed + data.falseAlarms === 0) return null;
  const { confirmed, falseAlarms } = data;
  return (
    <p className="text-13 text-soft">
      {t("tension.trust", { share: Math.round(data.trust * 100), confirmed, falseAlarms })}
    </p>
  );
}
