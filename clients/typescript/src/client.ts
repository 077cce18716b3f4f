// A typed client of the REST contract: paths, parameters, bodies and answers are checked against openapi.json.

import createClient, { type Client } from "openapi-fetch";
import type { paths, ProblemDTO } from "./openapi.ts";

export type TrmClient = Client<paths>;

export interface TrmOptions {
  /** Where the gateway is, without a path. */
  baseUrl: string;
  /** Gives an access token; asked before every request, so it may renew one that expires. */
  token: () => string | Promise<string>;
  /** Used instead of the global fetch. */
  fetch?: (request: Request) => Promise<Response>;
}

/** A problem (RFC 9457) as an exception; decide on `problem.code`, never on the text. */
export class TrmProblem extends Error {
  readonly problem: ProblemDTO;

  constructor(problem: ProblemDTO) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = "TrmProblem";
    this.problem = problem;
  }
}

/** A client that sends a token with every request. */
export function trmClient(options: TrmOptions): TrmClient {
  const { baseUrl, fetch } = options;
  const client = createClient<paths>({ baseUrl, ...(fetch ? { fetch } : {}) });
  client.use({
    async onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${await options.token()}`);
      return request;
    },
  });
  return client;
}

/** Key of one write: keep it, and send the same one when the request is repeated. */
export function idempotencyKey(): string {
  return crypto.randomUUID();
}

/** What was answered; throws `TrmProblem` when it was a problem. */
export function unwrap<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data !== undefined) return answer.data;
  const { error, response } = answer;
  if (isProblem(error)) throw new TrmProblem(error);
  throw new Error(`${response.url} answered ${response.status} without a problem`);
}

function isProblem(value: unknown): value is ProblemDTO {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}
