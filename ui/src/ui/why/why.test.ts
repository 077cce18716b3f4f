import { createElement } from "react";
import type { WhyDTO, WhyReceiptDTO } from "trm-os-client";
import { beforeEach, expect, it, vi } from "vitest";
import { askedOf, whySearch } from "@/data/why.ts";
import { rendered } from "@/testing/rendered.ts";
import { asking, deeper } from "./opened.ts";
import { WhyLink } from "./WhyLink.tsx";
import { WhyRelation } from "./WhyRelation.tsx";
import { WhyThing } from "./WhyThing.tsx";

vi.mock("@/ui/When.tsx", () => ({ When: ({ at }: { at: string }) => at }));

let language = "en";
beforeEach(() => {
  vi.stubGlobal("localStorage", { getItem: () => language });
});

const ID = "0198a3b0-0000-7000-8000-000000000001";
const OTHER = "0198a3b0-0000-7000-8000-000000000002";
const alice = { id: OTHER, label: "Person", name: "Alice" };
const tension = { id: ID, label: "Tension", name: "Printer broken" };
const cause = {
  eventId: "e2",
  type: "TENSION_CHANGED",
  source: "https://trm.example",
  occurredAt: "2026-03-02T08:00:00Z",
  recordedAt: "2026-03-02T08:00:01Z",
  workflowId: "tension/1",
  runId: "run",
  agent: "ChangeWorkflow",
  attempt: 2,
  reason: "it was agreed",
  cause: OTHER,
  sentBy: { identityId: "i", person: { id: "o", fullName: "Olga" } },
  onBehalfOf: { id: OTHER, fullName: "Alice" },
  links: { run: "https://temporal.example/run", trace: "javascript:alert(1)" },
};
const relation = {
  id: `${ID}/DETECTED_BY/${OTHER}`,
  type: "DETECTED_BY",
  source: tension,
  target: alice,
  properties: {},
  validFrom: "2026-03-01T08:00:00Z",
  madeBy: null,
};
const page = {
  id: ID,
  label: "Tension",
  properties: { title: "Printer broken", status: "Accepted" },
  recordedBy: [cause],
  states: [
    { id: "s1", rev: 1, properties: { title: "Printer broken", status: "Open" }, removed: [], validFrom: "2026-03-01" },
    { id: "s2", rev: 2, properties: { status: "Accepted", oddity: 7 }, removed: [], validFrom: "x", madeBy: cause },
  ],
  relations: [relation, { ...relation, id: "old", type: "OWNED_BY", validTo: "2026-03-02T08:00:00Z" }],
  moreRelations: true,
  text: { vectors: [], length: 2, words: [{ term: "printer", frequency: 2 }] },
  away: ["knowledge"],
} as unknown as WhyDTO;

const told = (data: WhyDTO | WhyReceiptDTO) =>
  rendered(createElement(WhyThing, { id: ID }), { known: [[["why", ID], data]] });

it("asks of a thing or of a relation, and of nothing else", () => {
  expect(askedOf(ID)).toEqual({ id: ID });
  expect(askedOf(`${ID}/RECEIVED_BY/${OTHER}`)).toEqual({ id: ID, type: "RECEIVED_BY", targetId: OTHER });
  for (const said of ["", "x", `${ID}/x/${OTHER}`, `${ID}/EASES`, `${ID}/EASES/${OTHER}/x`, 7, undefined, "../me"])
    expect(askedOf(said)).toBeNull();
  expect(whySearch({ why: "x" })).toEqual({ why: undefined });
});

it("opens beside any page, which keeps its address, and knows how far it is from there", async () => {
  const link = createElement(WhyLink, { of: ID, name: "Printer broken" });
  const said = await rendered(link, { url: "/tensions?view=list" });
  expect(said).toContain(`href="/tensions?view=list&amp;why=${ID}"`);
  expect(said).toContain('aria-label="Why? Printer broken"');
  expect(deeper(deeper({}))).toEqual({ whyDepth: 2 });
  expect(asking(undefined)({ view: "list", why: ID })).toEqual({ view: "list", why: undefined });
});

it("tells what happened, by whom and for whom, why, by which run, and what was changed", async () => {
  language = "en";
  const said = await told(page);
  expect(said).toMatch(/Alice changed a tension.*Why: it was agreed.*Sent by Olga, on behalf of Alice/s);
  expect(said).toMatch(/the agent that changes things, at attempt 2/);
  expect(said).toContain('href="https://temporal.example/run"');
  expect(said).not.toContain("javascript:");
  expect(said).toContain(`why=${OTHER}`);
  expect(said).toMatch(/State.*Accepted.*before:.*Open/s);
  expect(said).toContain('<code class="text-13">oddity</code>');
  expect(said).toMatch(/what did so is not for you.*What it said at first/s);
});

it("tells relations in words with a question of their own, what is past apart, and which store was away", async () => {
  language = "vi";
  const said = await told(page);
  expect(said).toMatch(/Người cảm nhận.*Alice/s);
  expect(said).toContain(`why=${ID}%2FDETECTED_BY%2F${OTHER}`);
  expect(said).toMatch(/1 mối liên hệ không còn nữa.*Người phụ trách/s);
  expect(said).toContain("Kho tìm kiếm chưa trả lời");
  expect(said).toContain("printer");
});

it("says how far a write is, and each time that a relation held", async () => {
  language = "en";
  const receipt = { id: ID, writeStatus: "failed", workflowId: "w", failure: { code: "x", detail: "No such person." } };
  const failed = { ...receipt, acceptedAt: "2026-03-01T08:00:00Z", agent: "TensionWorkflow", links: {} };
  expect(await told(failed as unknown as WhyReceiptDTO)).toMatch(
    /could not be written.*No such person.*agent for tensions/s,
  );
  const asked = { id: ID, type: "DETECTED_BY", targetId: OTHER };
  const held = { id: relation.id, held: [{ ...relation, madeBy: cause }] };
  const known: [readonly unknown[], unknown][] = [[["why", ID, "DETECTED_BY", OTHER], held]];
  expect(await rendered(createElement(WhyRelation, { asked }), { known })).toMatch(/Printer broken.*Felt by.*Alice/s);
});
