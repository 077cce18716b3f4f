import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { MeDTO } from "trm-os-client";
import { useServices } from "@/data/api.ts";
import { meQuery } from "@/data/queries.ts";
import { offers, PARTS, type Part } from "@/data/scopes.ts";
import { useMessages } from "@/messages/react.tsx";
import { Page } from "./Page.tsx";

interface Props {
  part: Part;
  children: (me: MeDTO) => ReactNode;
}

/** A page for whoever may see it, once it is known who reads; anybody else is told which right it needs. */
export function Allowed({ part, children }: Props) {
  const { t } = useMessages();
  const { client } = useServices();
  const me = useQuery(meQuery(client)).data;
  if (!me) return null;
  if (offers(me.scopes, part)) return children(me);
  return <Page title={t("notAllowed.title")} lead={t("notAllowed.text", { scope: PARTS[part][0] })} children={null} />;
}
