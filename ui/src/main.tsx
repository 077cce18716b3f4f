import "@/styles/index.css";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { trmClient } from "trm-os-client";
import { managerOf } from "@/auth/manager.ts";
import { Session } from "@/auth/session.ts";
import { ConfigProblem } from "@/config/ConfigProblem.tsx";
import { ConfigError, loadConfig } from "@/config/config.ts";
import { endsSession, mayPass, type Services, ServicesContext } from "@/data/api.ts";
import { MessagesProvider } from "@/messages/react.tsx";
import { applyTheme } from "@/ui/theme.ts";
import { router } from "./router.tsx";

async function servicesOf(): Promise<Services> {
  const config = await loadConfig(location.origin);
  const session = new Session(managerOf(config, location.origin));
  const next = await session.begin(new URL(location.href));
  if (next) history.replaceState(null, "", next);
  return { config, session, client: trmClient({ baseUrl: config.api, token: () => session.token() }) };
}

function queriesOf(session: Session): QueryClient {
  const queries = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (endsSession(error)) void session.end();
      },
    }),
    defaultOptions: { queries: { staleTime: 30_000, retry: (times, error) => times < 2 && mayPass(error) } },
  });
  // What one reader saw is not shown to the next.
  session.subscribe(() => {
    if (session.state.is === "out") queries.clear();
  });
  return queries;
}

async function start(): Promise<void> {
  applyTheme();
  const element = document.getElementById("root");
  if (!element) throw new Error("The page has no #root");
  const root = createRoot(element);
  try {
    const services = await servicesOf();
    root.render(
      <StrictMode>
        <MessagesProvider>
          <ServicesContext value={services}>
            <QueryClientProvider client={queriesOf(services.session)}>
              <RouterProvider router={router} />
            </QueryClientProvider>
          </ServicesContext>
        </MessagesProvider>
      </StrictMode>,
    );
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    root.render(
      <MessagesProvider>
        <ConfigProblem mistakes={error.mistakes} />
      </MessagesProvider>,
    );
  }
}

void start();
