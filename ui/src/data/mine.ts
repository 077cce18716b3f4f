import type { MeDTO, TensionDTO } from "trm-os-client";

type Reader = Pick<MeDTO, "person" | "also" | "authorities">;

/** Whether a person is the reader, by any of their ids. */
export function isMe(me: Reader, id: string | undefined): boolean {
  return id !== undefined && (me.person?.id === id || me.also.includes(id));
}

/** Whether the reader changes a tension: they felt or own it, or are a moderator of what everyone sees. */
export function mayChange(me: Reader, tension: Pick<TensionDTO, "detector" | "owner" | "visibility">): boolean {
  if (isMe(me, tension.detector.id) || isMe(me, tension.owner?.id)) return true;
  return tension.visibility === "everyone" && me.authorities.includes("moderator");
}
