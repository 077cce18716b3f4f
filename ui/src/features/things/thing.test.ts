import { createElement } from "react";
import type { WhyDTO } from "trm-os-client";
import { expect, it, vi } from "vitest";
import { rendered } from "@/testing/rendered.ts";
import { Thing } from "./Thing.tsx";

vi.mock("@/ui/When.tsx", () => ({ When: ({ at }: { at: string }) => at }));

it("shows anything: its kind and state in words, what it says, and what it is related to", async () => {
  vi.stubGlobal("localStorage", { getItem: () => "vi" });
  const project = { id: "p", label: "Project", name: "Printer" };
  const page = {
    id: "p",
    label: "Project",
    properties: { name: "Printer", status: "Active", goal: "It prints", unheardOf: true },
    recordedBy: [],
    states: [],
    relations: [
      {
        id: "p/RESOLVES/t",
        type: "RESOLVES",
        source: project,
        target: { id: "t", label: "Tension", name: "Jam" },
        properties: {},
        validFrom: "2026-03-01T08:00:00Z",
      },
    ],
    moreRelations: false,
    away: [],
  } as unknown as WhyDTO;
  const said = await rendered(createElement(Thing, { page }));
  expect(said).toMatch(/Printer.*Dự án.*Đang chạy.*Mục tiêu.*It prints/s);
  expect(said).toMatch(/<code[^>]*>unheardOf<\/code>.*Có/s);
  expect(said).toMatch(/Để giải quyết.*href="\/tensions\/t".*Jam/s);
});
