import type { InvalidateQueryFilters, QueryClient } from "@tanstack/react-query";

/** Read anew what queries know, also what is on its way for the first time: it may be from before. */
export async function outdate(queries: QueryClient, filters: InvalidateQueryFilters = {}): Promise<void> {
  const coming = queries.getQueryCache().findAll({ ...filters, fetchStatus: "fetching" });
  const first = coming.filter(({ state }) => state.data === undefined);
  await queries.invalidateQueries(filters);
  await Promise.all(first.map(({ queryKey }) => queries.invalidateQueries({ queryKey, exact: true })));
}
