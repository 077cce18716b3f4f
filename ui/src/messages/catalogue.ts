import { frame } from "./frame.ts";
import type { rest } from "./rest.ts";

export type Language = "en" | "vi";
export type Message = Record<Language, string>;

/** Every message there is: one that is missing in a language does not compile. */
export type MessageKey = keyof typeof frame | keyof typeof rest;

const known: Partial<Record<MessageKey, Message>> = { ...frame };

/** Take up messages that came later than those of sign-in. */
export function learn(messages: Partial<Record<MessageKey, Message>>): void {
  Object.assign(known, messages);
}

/** A message in every language; its key where it has not come yet. */
export function messageOf(key: MessageKey): Message {
  return known[key] ?? { en: key, vi: key };
}
