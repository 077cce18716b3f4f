import type { RecognitionCreateDTO, RecognitionType, Visibility } from "trm-os-client";
import type { Form } from "./drafts.ts";
import { excessOf, says } from "./lengths.ts";

export type ChipKind = "Person" | "Project" | "Tension";

/** Somebody or something that is named in a recognition. */
export interface Chip {
  kind: ChipKind;
  name: string;
  /** Absent of who or what is new: an address, or a project's name. */
  id?: string;
}

/** What somebody types to recognise others. */
export interface Words {
  content: string;
  chips: Chip[];
  type: RecognitionType | "";
  visibility: Visibility;
}

export const EMPTY: Words = { content: "", chips: [], type: "", visibility: "everyone" };

/** The form of a recognition. */
export const RECOGNITION: Form<Words> = {
  name: "recognition",
  empty: EMPTY,
  read: (kept) => ({
    content: typeof kept.content === "string" ? kept.content : "",
    chips: Array.isArray(kept.chips) ? kept.chips.filter(isChip) : [],
    type: typeof kept.type === "string" ? (kept.type as Words["type"]) : "",
    visibility: kept.visibility === "parties" ? "parties" : "everyone",
  }),
  isEmpty: ({ content, chips }) => content.trim() === "" && chips.length === 0,
};

function isChip(one: unknown): one is Chip {
  const chip = one as Partial<Chip> | null;
  return (
    typeof chip?.name === "string" &&
    ["Person", "Project", "Tension"].includes(chip.kind ?? "") &&
    ["string", "undefined"].includes(typeof chip.id)
  );
}

/** People are several; of projects and tensions the one that was named last counts. */
export function withChip(chips: readonly Chip[], chip: Chip): Chip[] {
  const others = chips.filter((one) => one.kind !== chip.kind || (chip.kind === "Person" && !isSame(one, chip)));
  return [...others, chip];
}

/** Names that were put into a text stay for as long as it holds them; those that left are back with their name. */
export function withContent(words: Words, content: string, left: readonly Chip[] = []): { words: Words; left: Chip[] } {
  const stays = ({ kind, name }: Chip) => kind === "Tension" || content.includes(name) || !words.content.includes(name);
  const back = left.filter(({ name }) => content.includes(name));
  const gone = words.chips.filter((chip) => !stays(chip));
  return {
    words: { ...words, content, chips: back.reduce(withChip, words.chips.filter(stays)) },
    left: [...left.filter((chip) => !back.includes(chip)), ...gone],
  };
}

export function isSame(one: Chip, other: Chip): boolean {
  return one.kind === other.kind && (one.id ?? one.name) === (other.id ?? other.name);
}

/** Whom it is for. */
export function receiversOf(words: Words): Chip[] {
  return words.chips.filter(({ kind }) => kind === "Person");
}

/** Whether it can be sent: it says something, to somebody, and fits. */
export function isWhole(words: Words): boolean {
  return says(words.content) && excessOf(words.content) === 0 && receiversOf(words).length > 0;
}

/** What is sent. */
export function bodyOf(words: Words): RecognitionCreateDTO {
  const project = words.chips.find(({ kind }) => kind === "Project");
  const tension = words.chips.find(({ kind }) => kind === "Tension");
  return {
    content: words.content.trim(),
    receivers: receiversOf(words).map(({ id, name }) => (id ? { id } : { email: name })),
    ...(project ? { project: project.id ? { id: project.id } : { name: project.name } } : {}),
    ...(tension?.id ? { tensionId: tension.id } : {}),
    ...(words.type ? { type: words.type } : {}),
    visibility: words.visibility,
  } as RecognitionCreateDTO;
}
