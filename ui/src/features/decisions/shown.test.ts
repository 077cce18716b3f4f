import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createElement, type ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import type { DecisionDTO, MeDTO } from "trm-os-client";
import { beforeEach, expect, it, vi } from "vitest";
import { type Services, ServicesContext } from "@/data/api.ts";
import { MessagesProvider } from "@/messages/react.tsx";
import { AnswerForm } from "./AnswerForm.tsx";
import { firstValues } from "./answer.ts";
import type { Draft } from "./drafts.ts";
import { Ended } from "./Ended.tsx";
import { fieldsOf } from "./fields.ts";
import { NoForm } from "./NoForm.tsx";
import { Proposal } from "./Proposal.tsx";
import { Question } from "./Question.tsx";

vi.mock("@/ui/When.tsx", () => ({ When: ({ at }: { at: string }) => at, useNow: () => new Date("2026-03-05T00:00Z") }));

let language = "en";
beforeEach(() => {
  vi.stubGlobal("localStorage", { getItem: () => language });
});

function shown(node: ReactNode): string {
  const services = { client: {} } as Services;
  return renderToStaticMarkup(
    createElement(
      MessagesProvider,
      null,
      createElement(
        ServicesContext,
        { value: services },
        createElement(QueryClientProvider, { client: new QueryClient() }, node),
      ),
    ),
  );
}

const me = { person: { id: "p1" }, also: [] } as unknown as MeDTO;
const decision = {
  id: "d1",
  kind: "TensionSeverity",
  question: "How severe is “Printer broken”?",
  status: "Pending",
  subject: { label: "Tension", id: "t1", name: "Printer broken" },
  form: { properties: { severity: { enum: [1, 2, 3, 4], type: "integer" } } },
  proposal: { severity: 3, reason: "customers wait", probabilities: { low: 0.1, high: 0.9 } },
  asked: [
    { id: "p1", fullName: "An" },
    { id: "p2", fullName: "Bình" },
  ],
  authorities: ["moderator", "archivist"],
  proposedBy: { id: "p2", fullName: "Bình" },
  reminded: true,
  deadline: "2026-03-10T08:00:00Z",
  escalateAt: "2026-03-06T08:00:00Z",
  policy: "LeaveOpen",
  createdAt: "2026-03-03T08:00:00Z",
  recordedBy: [],
} as unknown as DecisionDTO;
const fields = fieldsOf(decision.form, decision.proposal);

function form(draft: Partial<Draft>, error: unknown = null): string {
  const whole: Draft = {
    outcome: null,
    values: firstValues(fields, decision.proposal),
    reason: "",
    attempt: null,
    ...draft,
  };
  const none = () => undefined;
  return shown(createElement(AnswerForm, { fields, draft: whole, change: none, sending: false, error, onSend: none }));
}

it("says who may decide, without who proposed it, and what comes at the deadline", () => {
  language = "en";
  const said = shown(createElement(Question, { decision, me }));
  expect(said).toContain("An (you), any moderator, or whoever has the authority archivist");
  expect(said).toContain("nothing changes at the deadline");
  expect(said).toContain("those asked were reminded");
});

it("shows what is proposed, with every number", () => {
  const said = shown(createElement(Proposal, { decision, candidates: false }));
  expect(said).toContain("customers wait");
  expect(said).toContain("High");
  expect(said).toContain("0.9");
});

it("has nothing to send before one chose, and what is proposed is chosen", () => {
  expect(form({})).not.toContain('type="submit"');
  expect(form({})).toMatch(/checked="" value="3"|value="3" checked=""/);
  expect(form({ outcome: "Approve" })).toContain('type="submit"');
  expect(form({ outcome: "Reject" })).not.toContain("field.severity");
});

it("keeps what was typed when an answer is refused", () => {
  const said = form({ outcome: "Reject", reason: "not so" }, new Error("away"));
  expect(said).toContain("it counts once");
  expect(said).toContain("not so");
});

it("tells how it ended, in both languages", () => {
  const ended = {
    ...decision,
    status: "Approved",
    decidedAs: "Delegate",
    decidedBy: { id: "p3", fullName: "Chi" },
    decidedFor: { id: "p1", fullName: "An" },
    answer: { severity: 4 },
    followed: "Refused",
    followReason: "it is archived",
  } as DecisionDTO;
  const said = () => shown(createElement(Ended, { decision: ended, fields, unsent: "mine" }));
  expect(said()).toMatch(/By Chi, in place of An.*Critical.*could not be carried out: it is archived.*mine/s);
  language = "vi";
  expect(said()).toMatch(/Chi quyết định thay An.*Nguy cấp/s);
  const late = shown(createElement(NoForm, { standing: "late", decision }));
  expect(late).toContain("Đã hết thời gian trả lời.");
});
