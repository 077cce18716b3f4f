import { receiversOf, type Words } from "@/data/recognising.ts";
import type { MessageKey } from "@/messages/catalogue.ts";

const FEW_LETTERS = 40;

/** Words by which people say what came of it, in English and Vietnamese. */
const EFFECT =
  /(?<!\p{L})(because|so that|so we|so i|helped|saved|thanks to|able to|without|avoid(ed)?|prevent(ed)?|in time|nhờ|giúp|để|vì|nên|kịp|tránh|đỡ|khỏi)(?!\p{L})/iu;

/** What would make it worth more to who reads it, one thing at a time; nothing where it says enough. */
export function hintOf(words: Words): MessageKey | null {
  const content = words.content.trim();
  if (content === "") return null;
  if (receiversOf(words).length === 0) return "coach.whom";
  if ([...content].length < FEW_LETTERS) return "coach.what";
  if (!EFFECT.test(content.normalize("NFC"))) return "coach.effect";
  if (receiversOf(words).length === words.chips.length) return "coach.where";
  return null;
}
