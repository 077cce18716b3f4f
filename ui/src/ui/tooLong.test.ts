import { createElement } from "react";
import { beforeEach, expect, it, vi } from "vitest";
import { rendered } from "@/testing/rendered.ts";
import { Field } from "./Field.tsx";

let language = "en";
beforeEach(() => {
  vi.stubGlobal("localStorage", { getItem: () => language });
});

const field = (value: string) => rendered(createElement(Field, { label: "Title", value, most: 5, onChange: () => {} }));

it("keeps what is too long, and says by how much in both languages", async () => {
  const shown = await field("1234567");
  expect(shown).toContain("1234567");
  expect(shown).not.toContain("maxlength");
  expect(shown).toContain("2 letters too long");
  expect(shown).toContain('aria-invalid="true"');
  expect(await field("12345")).not.toContain("too long");
  language = "vi";
  expect(await field("123456")).toContain("Dài quá 1 ký tự");
});
