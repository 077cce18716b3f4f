import type { InfiniteData } from "@tanstack/react-query";
import type { TensionDTO, TensionPageDTO } from "trm-os-client";

export type TensionPages = InfiniteData<TensionPageDTO, string>;

/** Pages with a tension as it is now, at its place among what was read; without it where it is not wanted any more. */
export function placed(pages: TensionPages, tension: TensionDTO, wanted: boolean): TensionPages {
  const without = pages.pages.map((page) => ({ ...page, items: page.items.filter((one) => one.id !== tension.id) }));
  if (!wanted) return { ...pages, pages: without };
  const at = without.findIndex((page) => page.items.some((one) => newestFirst(tension, one) < 0));
  const last = without.length - 1;
  if (at < 0 && without[last]?.nextCursor) return { ...pages, pages: without };
  const into = at < 0 ? last : at;
  const filled = without.map((page, place) =>
    place === into ? { ...page, items: [...page.items, tension].sort(newestFirst) } : page,
  );
  return { ...pages, pages: filled };
}

/** The order in which the gateway gives them. */
function newestFirst(a: TensionDTO, b: TensionDTO): number {
  return (
    Date.parse(b.occurredAt) - Date.parse(a.occurredAt) ||
    Date.parse(b.createdAt) - Date.parse(a.createdAt) ||
    b.id.localeCompare(a.id)
  );
}

/** All tensions of some pages, each once: what was reported meanwhile pushes others onto the next page. */
export function together(pages: readonly TensionPageDTO[]): TensionDTO[] {
  return [...new Map(pages.flatMap((page) => page.items).map((one) => [one.id, one])).values()];
}
