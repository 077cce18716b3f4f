import type { Message } from "./catalogue.ts";
import { chain } from "./chain.ts";
import { decisions } from "./decisions.ts";
import { events } from "./events.ts";
import { home } from "./home.ts";
import { recognise } from "./recognise.ts";
import { tensions } from "./tensions.ts";
import { things } from "./things.ts";
import { why } from "./why.ts";

/** What only somebody who is signed in reads. */
export const rest = {
  ...home,
  ...events,
  ...decisions,
  ...tensions,
  ...recognise,
  ...chain,
  ...things,
  ...why,
} as const satisfies Record<string, Message>;
