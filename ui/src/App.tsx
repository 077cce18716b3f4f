import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { endsSession, mayPass, useServices } from "@/data/api.ts";
import { isLate } from "@/data/limits.ts";
import { learn } from "@/messages/catalogue.ts";
import { rest } from "@/messages/rest.ts";
import { router } from "./router.tsx";

learn(rest);

/** All that whoever is signed in sees; what one reader saw is gone with their session. */
export function App() {
  const { session } = useServices();
  const [queries] = useState(() => queriesOf(() => void session.end()));
  useEffect(() => () => queries.clear(), [queries]);
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}

function queriesOf(end: () => void): QueryClient {
  const queryCache = new QueryCache({
    onError: (error) => {
      if (endsSession(error)) end();
    },
  });
  const retry = (times: number, error: unknown) => times < (isLate(error) ? 1 : 2) && mayPass(error);
  return new QueryClient({ queryCache, defaultOptions: { queries: { staleTime: 30_000, retry } } });
}
