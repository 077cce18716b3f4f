import type { TensionDTO, Weight } from "trm-os-client";

/** A part of a text, and how much it weighs where it is a word that a model weighed. */
export interface Part {
  /** Where it begins. */
  at: number;
  text: string;
  weight: number | null;
}

/** A text in parts: each weighed word by itself, whatever its case, and what stands between. */
export function partsOf(said: string, words: readonly Weight[]): Part[] {
  const text = said.normalize("NFC");
  const weights = new Map(words.map((one) => [one.word.normalize("NFC").toLowerCase(), one.weight]));
  if (weights.size === 0) return [{ at: 0, text, weight: null }];
  const longestFirst = [...weights.keys()].sort((a, b) => b.length - a.length).map((word) => escaped(word));
  const letter = "[\\p{L}\\p{M}\\p{N}]";
  const found = text.matchAll(new RegExp(`(?<!${letter})(?:${longestFirst.join("|")})(?!${letter})`, "giu"));
  const parts: Part[] = [];
  let end = 0;
  for (const { 0: word, index } of found) {
    if (index > end) parts.push({ at: end, text: text.slice(end, index), weight: null });
    parts.push({ at: index, text: word, weight: weights.get(word.toLowerCase()) ?? null });
    end = index + word.length;
  }
  if (end < text.length) parts.push({ at: end, text: text.slice(end), weight: null });
  return parts;
}

/** What a model reads of a tension, the title first. */
export function textsOf(tension: TensionDTO): string[] {
  const { title, facts, currentState, desiredState, feeling, need } = tension;
  const said = [title, facts, currentState, desiredState, feeling, need].flatMap((text) => text || []);
  return [...new Set(said)];
}

function escaped(word: string): string {
  return word.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
