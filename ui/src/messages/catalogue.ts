import { chain } from "./chain.ts";
import { decisions } from "./decisions.ts";
import { events } from "./events.ts";
import { frame } from "./frame.ts";
import { home } from "./home.ts";
import { recognise } from "./recognise.ts";
import { tensions } from "./tensions.ts";
import { things } from "./things.ts";
import { why } from "./why.ts";

export type Language = "en" | "vi";

/** Every message, in every language: one that is missing in a language does not compile. */
export const catalogue = {
  ...frame,
  ...home,
  ...events,
  ...decisions,
  ...tensions,
  ...recognise,
  ...chain,
  ...things,
  ...why,
} as const satisfies Record<string, Record<Language, string>>;

export type MessageKey = keyof typeof catalogue;
