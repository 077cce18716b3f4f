import { expect, it } from "vitest";
import { dayAndTime, exact, relative } from "./dates.ts";
import { languageOf } from "./format.ts";

const now = new Date("2026-03-10T02:00:00Z"); // 9:00 in Saigon, still the ninth in New York
const saigon = "Asia/Ho_Chi_Minh";
const at = (text: string) => new Date(text);

it.each([
  ["2026-03-10T01:59:40Z", "now", "bây giờ"],
  ["2026-03-10T02:00:30Z", "now", "bây giờ"],
  ["2026-03-10T01:55:00Z", "5 minutes ago", "5 phút trước"],
  ["2026-03-09T22:00:00Z", "4 hours ago", "4 giờ trước"],
  ["2026-03-09T10:00:00Z", "yesterday", "Hôm qua"],
  ["2026-03-12T02:00:00Z", "in 2 days", "Ngày kia"],
  ["2026-02-20T02:00:00Z", "February 20", "20 tháng 2"],
  ["2025-02-20T02:00:00Z", "February 20, 2025", "20 tháng 2, 2025"],
])("says %s as %s", (moment, english, vietnamese) => {
  expect(relative(at(moment), now, "en", saigon)).toBe(english);
  expect(relative(at(moment), now, "vi", saigon).toLowerCase()).toBe(vietnamese.toLowerCase());
});

it("counts days where the reader is", () => {
  const evening = at("2026-03-09T16:30:00Z"); // 23:30 of the ninth in Saigon, half past noon in New York
  expect(relative(evening, now, "en", saigon)).toBe("yesterday");
  expect(relative(evening, now, "en", "America/New_York")).toBe("9 hours ago");
});

it("says the exact moment with its zone", () => {
  expect(exact(at("2026-03-09T16:30:05Z"), "en", saigon)).toMatch(/Monday, March 9, 2026.*11:30:05\sPM GMT\+7/);
  expect(exact(at("2026-03-09T16:30:05Z"), "vi", saigon)).toMatch(/23:30:05/);
});

it("says when somebody was here last", () => {
  expect(dayAndTime(at("2026-03-09T10:40:00Z"), now, "vi", saigon).toLowerCase()).toBe("hôm qua 17:40");
  expect(dayAndTime(at("2026-03-03T10:40:00Z"), now, "en", saigon)).toMatch(/^March 3 05:40\sPM$/);
});

it("speaks the language that was chosen, else one that the browser wishes", () => {
  expect(languageOf(null, ["fr-FR", "vi-VN", "en"])).toBe("vi");
  expect(languageOf("en", ["vi"])).toBe("en");
  expect(languageOf("xx", ["de"])).toBe("en");
});
