import { expect, it } from "vitest";
import { isMe, mayChange } from "./mine.ts";

const me = { person: { id: "a" }, also: ["b"], authorities: [] as string[] } as unknown as Parameters<typeof isMe>[0];
const moderator = { ...me, person: null, also: [], authorities: ["moderator"] };
const of = (detector: string, owner?: string, visibility: "everyone" | "parties" = "everyone") => ({
  detector: { id: detector, fullName: "" },
  owner: owner ? { id: owner, fullName: "" } : null,
  visibility,
});

it("knows the reader by any of their ids", () => {
  expect(isMe(me, "a")).toBe(true);
  expect(isMe(me, "b")).toBe(true);
  expect(isMe(me, "c")).toBe(false);
  expect(isMe(moderator, undefined)).toBe(false);
});

it("lets detector, owner and moderator change it", () => {
  expect(mayChange(me, of("a"))).toBe(true);
  expect(mayChange(me, of("c", "b"))).toBe(true);
  expect(mayChange(me, of("c", "d"))).toBe(false);
  expect(mayChange(moderator, of("c"))).toBe(true);
  expect(mayChange(moderator, of("c", "d", "parties"))).toBe(false);
});
