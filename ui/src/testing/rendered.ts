import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { createElement, type ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { type Services, ServicesContext } from "@/data/api.ts";
import { whySearch } from "@/data/why.ts";
import { MessagesProvider } from "@/messages/react.tsx";

interface At {
  /** The address at which it is shown. */
  url?: string;
  /** Keys of queries with what they know already. */
  known?: [readonly unknown[], unknown][];
}

/** What is shown as it comes to the browser, on any page of the dashboard. */
export async function rendered(node: ReactNode, { url = "/", known = [] }: At = {}): Promise<string> {
  const root = createRootRoute({ validateSearch: whySearch });
  const page = createRoute({ getParentRoute: () => root, path: "$", component: () => node });
  const history = createMemoryHistory({ initialEntries: [url] });
  const router = createRouter({ routeTree: root.addChildren([page]), history, isServer: true });
  await router.load();
  const queries = new QueryClient();
  for (const [key, data] of known) queries.setQueryData(key, data);
  const shown = createElement(RouterProvider, { router: router as never });
  return renderToStaticMarkup(
    createElement(
      MessagesProvider,
      null,
      createElement(
        ServicesContext,
        { value: { client: {} } as Services },
        createElement(QueryClientProvider, { client: queries }, shown),
      ),
    ),
  );
}
