import { queryOptions } from "@tanstack/react-query";
import { type MeDTO, type PersonBriefDTO, type TrmClient, unwrap } from "trm-os-client";
import { isMe } from "./mine.ts";

/** Who detects what nobody had to tell. */
const AGENT = "trm-os";

/** Whether the reader may know how far somebody's reports may be relied on. */
export function mayKnowTrust(me: Pick<MeDTO, "person" | "also" | "authorities">, detector: PersonBriefDTO): boolean {
  return detector.handle === AGENT || isMe(me, detector.id) || me.authorities.includes("moderator");
}

/** What became of the tensions that somebody detected. */
export function trustQuery(client: TrmClient, personId: string) {
  return queryOptions({
    queryKey: ["trust", personId],
    queryFn: async ({ signal }) =>
      unwrap(await client.GET("/v1/people/{personId}/trust", { params: { path: { personId } }, signal })),
  });
}
