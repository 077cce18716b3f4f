import { createElement } from "react";
import type { MeDTO, TensionDTO } from "trm-os-client";
import { expect, it, vi } from "vitest";
import { rendered } from "@/testing/rendered.ts";
import { People } from "./People.tsx";

it("asks why beside each name, and parts the names after it", async () => {
  vi.stubGlobal("localStorage", { getItem: () => "en" });
  const me = { person: null, also: [], authorities: [], scopes: [] } as unknown as MeDTO;
  const tension = {
    id: "t",
    detector: { id: "b", fullName: "Bob" },
    affectedPeople: [{ id: "l", fullName: "Lan" }],
    affectedProjects: [{ id: "p", name: "Payments" }],
    mentionedPeople: [],
    mentionedProjects: [],
    supportedBy: [],
    visibility: "everyone",
  } as unknown as TensionDTO;
  const said = (await rendered(createElement(People, { me, tension }))).replaceAll(/<[^>]*>/g, "");
  expect(said).toContain("Lan Why?, Payments Why?");
});
