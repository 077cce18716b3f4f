import type { Language } from "./catalogue.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

const madeDates = new Map<string, Intl.DateTimeFormat>();
const madeDistances = new Map<Language, Intl.RelativeTimeFormat>();

/** A way to write dates, made once: to make one takes longer than to write a hundred dates with it. */
function dates(locale: string, style: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${locale} ${JSON.stringify(style)}`;
  const made = madeDates.get(name) ?? new Intl.DateTimeFormat(locale, style);
  madeDates.set(name, made);
  return made;
}

function distances(language: Language): Intl.RelativeTimeFormat {
  const made = madeDistances.get(language) ?? new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  madeDistances.set(language, made);
  return made;
}

/** A moment as somebody says it ("5 minutes ago"); the day itself where it is more than a week away. */
export function relative(moment: Date, now: Date, language: Language, timeZone?: string): string {
  const away = moment.getTime() - now.getTime();
  const size = Math.abs(away);
  const words = distances(language);
  if (size < MINUTE) return words.format(0, "second");
  if (size < HOUR) return words.format(Math.trunc(away / MINUTE), "minute");
  const days = dayNumber(moment, timeZone) - dayNumber(now, timeZone);
  if (days === 0 || size < 6 * HOUR) return words.format(Math.trunc(away / HOUR), "hour");
  if (size < WEEK) return words.format(days, "day");
  const sameYear = yearOf(moment, timeZone) === yearOf(now, timeZone);
  const style = { day: "numeric", month: "long", year: sameYear ? undefined : "numeric", timeZone } as const;
  return dates(language, style).format(moment);
}

/** A moment to the second, with its zone. */
export function exact(moment: Date, language: Language, timeZone?: string): string {
  return dates(language, {
    weekday: "long",
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
    timeZone,
  }).format(moment);
}

/** A day as it is said, and the time of day: "yesterday 17:40". */
export function dayAndTime(moment: Date, now: Date, language: Language, timeZone?: string): string {
  const days = dayNumber(moment, timeZone) - dayNumber(now, timeZone);
  const near = days <= 0 && days > -2;
  const day = near
    ? distances(language).format(days, "day")
    : dates(language, { day: "numeric", month: "long", timeZone }).format(moment);
  const time = dates(language, { hour: "2-digit", minute: "2-digit", timeZone }).format(moment);
  return `${day} ${time}`;
}

/** Number of the day in the reader's zone: yesterday's is one less. */
function dayNumber(moment: Date, timeZone?: string): number {
  const parts = partsOf(moment, timeZone);
  return Date.UTC(parts.year, parts.month - 1, parts.day) / DAY;
}

function yearOf(moment: Date, timeZone?: string): number {
  return partsOf(moment, timeZone).year;
}

function partsOf(moment: Date, timeZone?: string): { year: number; month: number; day: number } {
  const style = { year: "numeric", month: "numeric", day: "numeric", calendar: "gregory", timeZone } as const;
  const parts = dates("en-u-nu-latn", style).formatToParts(moment);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  return { year: part("year"), month: part("month"), day: part("day") };
}
