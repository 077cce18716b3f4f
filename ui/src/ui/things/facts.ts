/** A value of a property as it is to be shown. */
export type Shown =
  | { as: "text"; text: string }
  | { as: "words"; words: string[] }
  | { as: "moment"; at: string }
  | { as: "number"; number: number }
  | { as: "severity"; severity: number }
  | { as: "language"; code: string }
  | { as: "yes"; yes: boolean }
  | { as: "data"; text: string };

/** What the system keeps for itself, and says nothing to a reader. */
const KEPT = new Set(
  "id rev eventId requestHash inputsHash foldedName foldedText analysedRev escalatedRev removed".split(" "),
);
/** What is shown of a thing already where its page begins. */
const TITLES = ["fullName", "name", "title", "question", "content", "text"] as const;
const NOT_A_TITLE = 120;

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** Names of what is to be said of a thing: words first, then the rest, moments last. */
export function namesOf(properties: Record<string, unknown>): string[] {
  const place = (name: string) => {
    const value = properties[name];
    if ((TITLES as readonly string[]).includes(name)) return 0;
    return isMoment(value) ? 3 : isData(value) ? 4 : typeof value === "string" && value.length > 60 ? 1 : 2;
  };
  return Object.keys(properties)
    .filter((name) => !KEPT.has(name) && properties[name] != null && !isEmpty(properties[name]))
    .sort((a, b) => place(a) - place(b));
}

/** How a value is shown. */
export function shownAs(name: string, value: unknown): Shown {
  if (name === "severity" && typeof value === "number") return { as: "severity", severity: value };
  if (name === "language" && typeof value === "string") return { as: "language", code: value };
  if (typeof value === "boolean") return { as: "yes", yes: value };
  if (typeof value === "number") return { as: "number", number: value };
  if (isMoment(value)) return { as: "moment", at: value };
  if (isData(value)) return { as: "data", text: pretty(value) };
  if (typeof value === "string") return { as: "text", text: value };
  if (Array.isArray(value) && value.every((one) => typeof one !== "object"))
    return { as: "words", words: value.map(String) };
  return { as: "data", text: JSON.stringify(value, null, 2) };
}

/** What a thing is called by what it says; null where it says nothing of the kind. */
export function titleOf(properties: Record<string, unknown>): string | null {
  for (const name of TITLES) {
    const said = properties[name];
    if (typeof said !== "string" || !said.trim()) continue;
    const letters = [...said.trim().replace(/\s+/gu, " ")];
    return name === "content" || name === "text"
      ? letters.length > NOT_A_TITLE
        ? `${letters.slice(0, NOT_A_TITLE).join("")}…`
        : letters.join("")
      : said.trim();
  }
  return null;
}

function isEmpty(value: unknown): boolean {
  return value === "" || (Array.isArray(value) && value.length === 0);
}

function isMoment(value: unknown): value is string {
  return typeof value === "string" && MOMENT.test(value) && !Number.isNaN(Date.parse(value));
}

/** JSON as text. */
function isData(value: unknown): value is string {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return false;
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

function pretty(text: string): string {
  return JSON.stringify(JSON.parse(text), null, 2);
}
