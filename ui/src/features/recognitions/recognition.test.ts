import { createElement } from "react";
import type { RecognitionDTO } from "trm-os-client";
import { beforeEach, expect, it, vi } from "vitest";
import { rendered } from "@/testing/rendered.ts";
import { Recognition } from "./Recognition.tsx";

vi.mock("@/ui/When.tsx", () => ({ When: ({ at }: { at: string }) => at }));

let language = "en";
beforeEach(() => {
  vi.stubGlobal("localStorage", { getItem: () => language });
});

const recognition = {
  id: "r",
  content: "She stayed\nuntil it worked",
  type: "Effort",
  values: ["care"],
  visibility: "parties",
  status: "Granted",
  giver: { id: "a", fullName: "Alice" },
  receivers: [
    { id: "b", fullName: "Bob" },
    { id: "c", fullName: "C".repeat(200) },
  ],
  project: { id: "p", name: "Printer" },
  tensionId: "t",
  occurredAt: "2026-03-01T08:00:00Z",
} as unknown as RecognitionDTO;
const first = {
  id: "s1",
  rev: 1,
  properties: { content: "She stayed" },
  removed: [],
  validFrom: "2026-03-01",
  made: [],
};
const history = {
  pages: [
    {
      items: [
        { ...first, id: "s2", rev: 2, properties: { content: "She stayed\nuntil it worked" }, ended: [] },
        { ...first, made: [{ type: "EASES", target: { id: "t", label: "Tension", name: "Jam" } }], ended: [] },
      ],
    },
  ],
  pageParams: [0],
};
const shown = () =>
  rendered(createElement(Recognition, { recognition }), { known: [[["recognition", "r", "history"], history]] });

it("says who saw whose contribution, where, and who may see it, each with its own why", async () => {
  language = "en";
  const said = await shown();
  expect(said).toMatch(/Recognition from Alice.*Given.*Effort.*Only those it concerns see it.*until it worked/s);
  for (const end of ["RECOGNIZED_BY%2Fa", "RECEIVED_BY%2Fb", "RECOGNIZES_CONTRIBUTION_TO%2Fp", "EASES%2Ft"])
    expect(said).toContain(`why=r%2F${end}`);
  expect(said).toContain('href="/things/b"');
  expect(said).toContain('href="/tensions/t"');
});

it("tells its history, what stood there before, and what it was related to at first", async () => {
  language = "vi";
  expect(await shown()).toMatch(/Lịch sử.*trước đó:.*She stayed.*Nội dung ban đầu.*Đã giúp.*Jam/s);
});
