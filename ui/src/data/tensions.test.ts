import { type TensionDTO, TrmProblem, trmClient } from "trm-os-client";
import { expect, it } from "vitest";
import { isStale } from "./attempts.ts";
import { move, readOf, tensionKeys } from "./tensions.ts";

const tension = (status: string, rev = 3) => ({ id: "x", rev, status, writeStatus: "written" }) as TensionDTO;

/** A gateway that answers one request after another, and what it was asked. */
function gateway(...answers: [number, object, Record<string, string>?][]) {
  const asked: Request[] = [];
  const client = trmClient({
    baseUrl: "http://trm.test",
    token: () => "t",
    fetch: async (request) => {
      asked.push(request);
      const [status, body, headers = {}] = answers[asked.length - 1] ?? [500, {}];
      return new Response(JSON.stringify(body), {
        status,
        headers: { "Content-Type": "application/json", ...headers },
      });
    },
  });
  return { client, asked };
}

it("moves what was read, with its tag and the key", async () => {
  const { client, asked } = gateway([200, tension("UnderReview", 4), { ETag: '"4.b"' }]);
  const read = await move(client, { tension: tension("Open"), etag: '"3.a"' }, { to: "UnderReview" }, "k");
  expect(read).toMatchObject({ tension: { rev: 4 }, etag: '"4.b"' });
  expect(
    asked.map((one) => `${one.method} ${one.headers.get("If-Match")} ${one.headers.get("Idempotency-Key")}`),
  ).toEqual(['POST "3.a" k']);
});

it("reads what stands in a list before it is moved", async () => {
  const { client, asked } = gateway(
    [200, tension("Open"), { ETag: '"3.a"' }],
    [202, { id: "x", writeStatus: "pending" }],
  );
  const read = await move(client, { tension: tension("Open") }, { to: "UnderReview" }, "k");
  expect(read).toEqual({ receipt: { id: "x", writeStatus: "pending" } });
  expect(asked[1]?.headers.get("If-Match")).toBe('"3.a"');
});

it("does not move what is in another state by now", async () => {
  const { client, asked } = gateway([200, tension("Rejected"), { ETag: '"4.a"' }]);
  const failure = await move(client, { tension: tension("Open") }, { to: "UnderReview" }, "k").catch((error) => error);
  expect(isStale(failure)).toBe(true);
  expect(asked).toHaveLength(1);
});

it("tells the rule that stands against it", async () => {
  const rule = { status: 409, code: "closedWithoutWin", detail: "there is none" };
  const { client } = gateway([409, rule, { "Content-Type": "application/problem+json" }]);
  const failure = await move(client, { tension: tension("Resolved"), etag: '"3.a"' }, { to: "Closed" }, "k").catch(
    (error) => error,
  );
  expect(failure).toBeInstanceOf(TrmProblem);
  expect(failure.problem.code).toBe("closedWithoutWin");
});

it("knows what is being written from what stands", () => {
  const response = new Response(null, { headers: { ETag: '"3.a"' } });
  expect(readOf({ data: tension("Open"), response })).toEqual({ tension: tension("Open"), etag: '"3.a"' });
  const receipt = { id: "x", writeStatus: "pending" as const, workflowId: "w" };
  expect(readOf({ data: receipt, response })).toEqual({ receipt });
});

it("knows what is said of a tension by the tension", () => {
  expect(tensionKeys.comments("x").slice(0, 2)).toEqual([...tensionKeys.one("x")]);
});
