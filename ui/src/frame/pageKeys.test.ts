import { expect, it } from "vitest";
import { ofPage } from "./commands.ts";

it("offers as commands what a page can run, with the keys as they are written", () => {
  const run = () => undefined;
  const keys = [
    { keys: "j", title: "Next", run },
    { keys: "mod Enter", shown: "Ctrl Enter", title: "Send", run },
    { keys: "Enter", title: "Open" },
  ];
  expect(ofPage(keys).map(({ id, title, keys: shown }) => [id, title, shown])).toEqual([
    ["page-j", "Next", "j"],
    ["page-mod Enter", "Send", "Ctrl Enter"],
  ]);
});
