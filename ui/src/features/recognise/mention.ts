import type { ChipKind } from "@/data/recognising.ts";

/** A name that is being typed after its sign, up to the caret. */
export interface Mention {
  kind: ChipKind;
  from: number;
  to: number;
  text: string;
}

const KINDS: Record<string, ChipKind> = { "@": "Person", "#": "Project", "!": "Tension" };
const LONGEST = 60;

/** The name before the caret; a sign counts at the beginning of a word only, so "great!" and addresses name nothing. */
export function mentionAt(text: string, caret: number): Mention | null {
  const line = text.slice(Math.max(text.lastIndexOf("\n", caret - 1) + 1, caret - LONGEST), caret);
  const found = /(?:^|[\s(“"'])([@#!])([^\s@#!](?:[^@#!]|(?<=\S)@)*|)$/u.exec(line);
  const [sign, said] = [found?.[1], found?.[2]];
  const kind = sign ? KINDS[sign] : undefined;
  if (!kind || said === undefined || /\s{2}|[.?…:;]\s/.test(said)) return null;
  return { kind, from: caret - said.length - 1, to: caret, text: said };
}

/** The text with a name in the place of what was typed or of its beginning, and where the caret stands then. */
export function replaced(
  text: string,
  mention: Mention,
  name: string,
  instead = mention.text,
): { text: string; caret: number } {
  const after = mention.from + 1 + instead.length;
  const rest = text.slice(after);
  const said = name && !/^\s/.test(rest) ? `${name} ` : name;
  const typed = mention.to - after; // what follows the name already
  return { text: text.slice(0, mention.from) + said + rest, caret: mention.from + said.length + typed };
}
