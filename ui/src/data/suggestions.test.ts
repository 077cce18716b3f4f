import type { SuggestionDTO } from "trm-os-client";
import { expect, it, vi } from "vitest";
import { beginningsOf, namedBy, stillNamed } from "./suggestions.ts";

const person = (name: string, detail = ""): SuggestionDTO => ({ id: name, label: "Person", name, detail });
const minh = person("Minh Lê", "minh");
const mai = person("Mai Trần", "mai");
const bob = person("Bob Iyer", "bob");

/** A gateway that knows some people, as far as names and handles go. */
function gateway(...known: SuggestionDTO[]) {
  return vi.fn(async (part: string) =>
    known.filter(({ name, detail }) => `${name} ${detail}`.toLowerCase().includes(part.toLowerCase())),
  );
}

it("keeps of what was offered before only what is still meant", () => {
  const before = { items: [minh, mai], by: "m" };
  expect(stillNamed(before, "mai").items).toEqual([mai]);
  expect(stillNamed(before, "tran").items).toEqual([mai]);
  expect(stillNamed(before, "mo").items).toEqual([]);
  expect(stillNamed({ items: [bob], by: "Bob Iyer" }, "Bob Iyer f")).toEqual({ items: [bob], by: "Bob Iyer" });
});

it("finds a name that was typed out, whatever follows it", async () => {
  expect(await namedBy("bob iyer fixed it", gateway(bob, mai))).toEqual({ items: [bob], by: "bob iyer" });
  expect((await namedBy("bo", gateway(bob))).items).toEqual([bob]);
  expect((await namedBy("bo fixed it", gateway(bob))).items).toEqual([]);
  expect((await namedBy("Bob Iyer fixed all of it", gateway(bob))).items).toEqual([]);
});

it("takes no state of a project for its name", async () => {
  const pump: SuggestionDTO = { id: "p", label: "Project", name: "Pump room", detail: "Active" };
  expect((await namedBy("active work", async () => [pump])).items).toEqual([pump]); // it was found by all of it
  expect((await namedBy("active work", async (part) => (part === "active" ? [pump] : []))).items).toEqual([]);
  expect(stillNamed({ items: [pump], by: "p" }, "act").items).toEqual([]);
});

it("asks for a few beginnings only", () => {
  expect(beginningsOf("a")).toEqual(["a"]);
  expect(beginningsOf("a b")).toEqual(["a b", "a"]);
  expect(beginningsOf("a b c d e f")).toEqual(["a b c d e f", "a b c d e", "a b c d", "a b c"]);
});

it("finds who is known by an address", async () => {
  const ask = gateway(bob, person("Bobby", "bobby"));
  expect((await namedBy("bob@trm.test", ask)).items).toEqual([bob]);
  expect(ask).toHaveBeenCalledExactlyOnceWith("bob");
});
