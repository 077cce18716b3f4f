import { expect, it } from "vitest";
import { receiversOf, sentenceOf } from "./sentences.ts";

const received = (...names: (string | null)[]) => names.map((name) => ({ type: "RECEIVED_BY", target: { name } }));

it("names who was recognised, as far as the reader may know them", () => {
  expect(sentenceOf("RECOGNITION_CREATED", received("Bob", null))).toBe("event.recognised");
  expect(receiversOf(received("Bob", null))).toEqual(["Bob"]);
  expect(sentenceOf("RECOGNITION_CREATED", [])).toBe("event.recognisedSomebody");
});

it("has a sentence for what it does not know", () => {
  expect(sentenceOf("SOMETHING_NEW", [])).toBe("event.other");
  expect(sentenceOf("constructor", [])).toBe("event.other");
});
