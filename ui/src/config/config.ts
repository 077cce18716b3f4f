import { LIMITS } from "@/data/limits.ts";

/** Where things are, as `/config.json` says it. */
export interface Config {
  /** The OIDC issuer, as its tokens say it. */
  issuer: string;
  /** The dashboard's client at the issuer: public, authorisation code with PKCE, refresh tokens. */
  clientId: string;
  /** Whom the access token is for; empty where the issuer decides that by the client. */
  audience: string;
  /** The gateway, without a path; empty: where the dashboard itself comes from. */
  api: string;
  scopes: string[];
}

/** The settings cannot be used; each mistake is a sentence. */
export class ConfigError extends Error {
  readonly mistakes: string[];

  constructor(mistakes: string[]) {
    super(mistakes.join(" "));
    this.name = "ConfigError";
    this.mistakes = mistakes;
  }
}

/** Read the settings.
 *
 * @throws ConfigError they are not there, or cannot be used
 */
export async function loadConfig(origin: string, fetcher: typeof fetch = fetch): Promise<Config> {
  let answer: Response;
  try {
    const signal = AbortSignal.timeout(LIMITS.read);
    answer = await fetcher("/config.json", { cache: "no-store", headers: { Accept: "application/json" }, signal });
  } catch {
    throw new ConfigError(["It cannot be reached."]);
  }
  if (!answer.ok) throw new ConfigError([`It is answered with status ${answer.status}.`]);
  let said: unknown;
  try {
    said = await answer.json();
  } catch {
    throw new ConfigError(["It is not JSON."]);
  }
  return readConfig(said, origin);
}

/** The settings, checked.
 *
 * @throws ConfigError with every mistake
 */
export function readConfig(said: unknown, origin: string): Config {
  if (typeof said !== "object" || said === null || Array.isArray(said)) throw new ConfigError(["It is not an object."]);
  const given = said as Record<string, unknown>;
  const mistakes: string[] = [];

  function text(name: string, needed: boolean): string {
    const value = given[name] ?? "";
    if (typeof value !== "string") mistakes.push(`"${name}" is not a text.`);
    else if (needed && !value.trim()) mistakes.push(`"${name}" is missing.`);
    else return value.trim();
    return "";
  }

  const issuer = text("issuer", true);
  const clientId = text("clientId", true);
  const audience = text("audience", false);
  const api = (text("api", false) || origin).replace(/\/+$/, "");
  for (const [name, address] of Object.entries({ issuer, api })) {
    if (address && !isSafe(address)) mistakes.push(`"${name}" is not an https address (http on this machine only).`);
  }
  const scopes = given.scopes;
  const listed = Array.isArray(scopes) && scopes.every((scope) => typeof scope === "string" && /^\S+$/.test(scope));
  if (!listed) mistakes.push('"scopes" is not a list of scopes.');
  else if (!scopes.includes("openid")) mistakes.push('"scopes" lacks "openid".');
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return { issuer, clientId, audience, api, scopes: scopes as string[] };
}

/** Tokens go there: over https, or to this machine. */
function isSafe(address: string): boolean {
  const url = URL.parse(address);
  if (!url) return false;
  return (
    url.protocol === "https:" ||
    (url.protocol === "http:" && /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(url.hostname))
  );
}
