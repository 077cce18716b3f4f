import { createElement } from "react";
import { expect, it, vi } from "vitest";
import { rendered } from "@/testing/rendered.ts";
import { Unanswered } from "./Frame.tsx";

it("says that nobody answers once that takes long, and nothing before", async () => {
  vi.stubGlobal("localStorage", { getItem: () => "en" });
  expect(await rendered(createElement(Unanswered, { late: true }))).toContain("does not answer at the moment");
  expect(await rendered(createElement(Unanswered, { late: false }))).not.toContain("does not answer");
});
