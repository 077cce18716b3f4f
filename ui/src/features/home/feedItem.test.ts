import { createElement } from "react";
import type { FeedEventDTO } from "trm-os-client";
import { beforeEach, expect, it, vi } from "vitest";
import { rendered } from "@/testing/rendered.ts";
import { FeedItem } from "./FeedItem.tsx";

vi.mock("@/ui/When.tsx", () => ({ When: ({ at }: { at: string }) => at }));
beforeEach(() => {
  vi.stubGlobal("localStorage", { getItem: () => "en" });
});

const asked = {
  id: "e1",
  type: "DECISION_ASKED",
  data: {
    recordedAt: "2026-03-01T08:00:00Z",
    subject: { id: "d", label: "Decision" },
    things: [{ id: "d", label: "Decision", rev: 1, properties: { question: "How severe is it?" }, removed: [] }],
    relations: [],
  },
} as unknown as FeedEventDTO;

it("leads to the page of what it is about, and to why", async () => {
  const said = await rendered(createElement(FeedItem, { event: asked }));
  expect(said).toMatch(/href="\/decisions\/d".*How severe is it\?/s);
  expect(said).toContain('href="/?why=e1"');
  const given = { ...asked, data: { ...asked.data, subject: { id: "r", label: "Recognition", name: "Thanks" } } };
  expect(await rendered(createElement(FeedItem, { event: given }))).toContain('href="/recognitions/r"');
});
