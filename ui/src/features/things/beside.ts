import { namesOf } from "@/ui/things/facts.ts";

const ABOVE = new Set(["status", "severity"]);

/** What a thing says beside its title, and what stands under that. */
export function factsBeside(properties: Record<string, unknown>, title: string): Record<string, unknown> {
  const names = namesOf(properties).filter((name) => !ABOVE.has(name) && properties[name] !== title);
  return Object.fromEntries(names.map((name) => [name, properties[name]]));
}
