import { expect, it } from "vitest";
import { mayKnowTrust } from "./trust.ts";

const me = { also: ["b"], authorities: [] as string[] };
const somebody = { id: "a", fullName: "Mai" };

it("tells of an agent everybody, of a human themselves and moderators", () => {
  expect(mayKnowTrust(me, somebody)).toBe(false);
  expect(mayKnowTrust(me, { ...somebody, id: "b" })).toBe(true);
  expect(mayKnowTrust({ ...me, authorities: ["moderator"] }, somebody)).toBe(true);
  expect(mayKnowTrust(me, { ...somebody, handle: "trm-os" })).toBe(true);
});
