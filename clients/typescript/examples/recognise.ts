// Recognises somebody, reads it back and searches: `TRM_URL=… TRM_TOKEN=… node examples/recognise.ts`.

import { type events, idempotencyKey, type RecognitionCreateDTO, trmClient, TrmProblem, unwrap } from "../src/index.ts";

declare const process: { env: Record<string, string | undefined> };

const client = trmClient({
  baseUrl: process.env.TRM_URL ?? "http://127.0.0.1:8000",
  token: () => process.env.TRM_TOKEN ?? "",
});

const body: RecognitionCreateDTO = {
  receivers: [{ email: "bob@trm.test" }],
  content: "Bob labelled every valve in the boiler room",
  values: ["care"],
};
const header = { "Idempotency-Key": idempotencyKey(), Prefer: "wait=10" };
const accepted = unwrap(await client.POST("/v1/recognitions", { params: { header }, body }));
// `writeStatus` tells the two kinds of answer apart, for the compiler too.
if (accepted.writeStatus === "written") console.log(`written by ${accepted.giver.fullName}`);
else console.log(`${accepted.writeStatus}, see ${accepted.workflowId}`);

const path = { recognitionId: accepted.id };
const read = unwrap(await client.GET("/v1/recognitions/{recognitionId}", { params: { path } }));
console.log(`read back as ${read.writeStatus}`);

const found = unwrap(await client.GET("/v1/search", { params: { query: { q: "labelled valves", limit: 5 } } }));
console.log(`${found.hits.length > 0 ? "found" : "not found yet"} with ${found.model}`);

try {
  unwrap(await client.POST("/v1/recognitions", { params: { header }, body: { ...body, content: "Something else" } }));
} catch (error) {
  if (!(error instanceof TrmProblem)) throw error;
  console.log(`refused: ${error.problem.code}`);
}

/** A consumer of Kafka gets the payload's type from the event's. */
export function summary<T extends keyof events.EventPayloads>(type: T, payload: events.EventPayloads[T]): string {
  return `${type} with ${Object.keys(payload).length} properties`;
}

// The contract is closed: the compiler refuses what the gateway would.
export const refused: RecognitionCreateDTO[] = [
  // @ts-expect-error a person is named by one of id, email, handle and name
  { receivers: [{}], content: "Thank you" },
  // @ts-expect-error the type is one of a list
  { receivers: [{ handle: "bob" }], content: "Thank you", type: "Praise" },
];
// @ts-expect-error a write needs an idempotency key
export const withoutKey = () => client.POST("/v1/recognitions", { body });
