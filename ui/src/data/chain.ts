import { queryOptions } from "@tanstack/react-query";
import { type TrmClient, unwrap } from "trm-os-client";

/** What the queries of chains are known by; behind it stands the thing. */
export const chainKey = "chain";

/** Where a thing stands between the tension that was felt and what was learnt. */
export function chainQuery(client: TrmClient, id: string) {
  return queryOptions({
    queryKey: [chainKey, id],
    queryFn: async ({ signal }) => unwrap(await client.GET("/v1/chain/{id}", { params: { path: { id } }, signal })),
  });
}
