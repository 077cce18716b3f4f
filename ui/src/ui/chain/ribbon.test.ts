import { createElement } from "react";
import type { ChainDTO } from "trm-os-client";
import { beforeEach, expect, it, vi } from "vitest";
import { rendered } from "@/testing/rendered.ts";
import { Chain } from "./Chain.tsx";
import { StationList } from "./StationList.tsx";

let language = "en";
beforeEach(() => {
  vi.stubGlobal("localStorage", { getItem: () => language });
});

const tension = { id: "t1", label: "Tension", name: "Printer broken", status: "Accepted", severity: 3 };
const given = (id: string) => ({ id, label: "Recognition", name: `Thanks ${id}`, status: "Granted" });
const chain = {
  here: tension,
  stations: [
    { label: "Tension", count: 1, more: false, here: true, items: [tension] },
    { label: "Project", count: 0, more: false, here: false, items: [] },
    { label: "Recognition", count: 100, more: true, here: false, items: [given("r1"), given("r2")] },
  ],
} as unknown as ChainDTO;

const ribbon = () => rendered(createElement(Chain, { id: "t1" }), { known: [[["chain", "t1"], chain]] });

it("marks where one is, says what is not there yet, and how it stands in words too", async () => {
  language = "en";
  const said = await ribbon();
  expect(said.match(/aria-current="step"/g)).toHaveLength(1);
  expect(said).toMatch(/Tension.*◑.*High.*Accepted.*Project.*none yet.*Recognitions.*100\+/s);
  expect(said).toContain('aria-expanded="false"');
});

it("speaks both languages", async () => {
  language = "vi";
  expect(await ribbon()).toMatch(/Chuỗi của mục này.*Cao.*Đã nhận.*Dự án.*chưa có.*Ghi nhận/s);
});

it("is not there for what stands in no chain", async () => {
  const known: [readonly unknown[], unknown][] = [[["chain", "p"], { here: tension, stations: [] }]];
  expect(await rendered(createElement(Chain, { id: "p" }), { known })).not.toContain("<nav");
});

it("lists what stands at a station, each with its page, and says that there is more", async () => {
  language = "en";
  const station = chain.stations[2];
  if (!station) throw new Error("no station");
  const none = () => undefined;
  const said = await rendered(createElement(StationList, { id: "l", station, here: "r1", atEnd: false, onGo: none }));
  expect(said).toContain('href="/recognitions/r2"');
  expect(said).not.toContain('href="/recognitions/r1"');
  expect(said).toContain("you are here");
  expect(said).toContain("The newest 2 of more than 100.");
});
