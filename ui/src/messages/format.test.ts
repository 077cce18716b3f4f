import { expect, it } from "vitest";
import { format } from "./format.ts";

it("keeps what turns around to itself, wherever a sentence names it", () => {
  const said = (question: string) => format("en", "decisions.saidApproved", { question });
  expect(said("Merge them?")).toBe("Approved: Merge them?");
  expect(said("\u202eevil")).toBe("Approved: \u2068\u202eevil\u2069");
  expect(said("\u2069\u202eevil")).toBe("Approved: \u2068\u202eevil\u2069");
  expect(format("vi", "event.tensionReported", { who: "مريم" })).toBe("\u2068مريم\u2069 báo một tension");
});

it("says a deadline as one says it", () => {
  expect(format("en", "decisions.until", { when: "in 7 days" })).toBe("due in 7 days");
  expect(format("en", "decision.escalated", { when: "2 hours ago" })).toBe("more were asked 2 hours ago");
});
