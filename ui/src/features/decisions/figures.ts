/** One line of what is proposed, by its path ("comparison.kappa"). */
export type Figure = { path: string } & (
  | { is: "number"; value: number }
  | { is: "text"; value: string }
  | { is: "list"; values: string[] }
  | { is: "change"; before: number; after: number; low: number; high: number }
);

type Things = Record<string, unknown>;

const isThings = (value: unknown): value is Things =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isChange(value: Things): value is { before: number; after: number; low: number; high: number } {
  return ["before", "after", "low", "high"].every((name) => typeof value[name] === "number");
}

/** Every number and word of what is proposed, in its order; nothing a machine said is left out but what is shown. */
export function figuresOf(proposal: Things, shown: readonly string[], above = ""): Figure[] {
  return Object.entries(proposal).flatMap(([name, value]): Figure[] => {
    const path = above + name;
    if (shown.includes(path) || value === null || value === undefined || value === "") return [];
    if (typeof value === "number") return [{ path, is: "number", value }];
    if (Array.isArray(value)) return [{ path, is: "list", values: value.map(wordsOf) }];
    if (!isThings(value)) return [{ path, is: "text", value: String(value) }];
    if (isChange(value)) {
      const { before, after, low, high } = value;
      return [{ path, is: "change", before, after, low, high }];
    }
    return figuresOf(value, shown, `${path}.`);
  });
}

function wordsOf(value: unknown): string {
  return isThings(value) ? String(value.fullName ?? value.name ?? JSON.stringify(value)) : String(value);
}

/** A name of the contract as words: "calibrationBefore" → "Calibration before". */
export function spelled(path: string): string {
  const last = path.split(".").at(-1) ?? path;
  const words = last
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
