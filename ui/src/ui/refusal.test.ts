import { createElement } from "react";
import { type ProblemDTO, TrmProblem } from "trm-os-client";
import { expect, it, vi } from "vitest";
import { rendered } from "@/testing/rendered.ts";
import { Refusal } from "./Refusal.tsx";

it("says a rule once, also where the gateway says it twice", async () => {
  vi.stubGlobal("localStorage", { getItem: () => "en" });
  const problem = {
    code: "x",
    status: 422,
    detail: "a title is needed",
    errors: [
      { pointer: "/title", detail: "a title is needed." },
      { pointer: "/facts", detail: "too long" },
    ],
  } as unknown as ProblemDTO;
  const shown = await rendered(createElement(Refusal, { error: new TrmProblem(problem) }));
  expect(shown.split("A title is needed.")).toHaveLength(2);
  expect(shown).toContain("Too long.");
});
