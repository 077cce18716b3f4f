import { expect, it } from "vitest";
import css from "./tokens.css?raw";

const pairs = [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)];
const tokens = new Map(pairs.map(([, name, light, dark]) => [name, [light, dark]]));

/** Relative luminance, as WCAG has it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const texts = ["ink", "soft", "accent", "severity-1", "severity-2", "severity-3", "severity-4"];
const grounds = ["ground", "raised", "sunk"];
const readable = [...texts.flatMap((text) => grounds.map((ground) => [text, ground])), ["on-accent", "accent"]];

it.each(readable)("%s can be read on %s, light and dark", (text = "", ground = "") => {
  for (const theme of [0, 1]) {
    const [one, other] = [tokens.get(text)?.[theme], tokens.get(ground)?.[theme]];
    expect(contrast(String(one), String(other))).toBeGreaterThanOrEqual(4.5);
  }
});
