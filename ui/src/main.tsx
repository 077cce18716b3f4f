import "@/styles/index.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { trmClient } from "trm-os-client";
import { Gate, loadApp } from "@/auth/Gate.tsx";
import { managerOf, returns } from "@/auth/manager.ts";
import { Session } from "@/auth/session.ts";
import { ConfigProblem } from "@/config/ConfigProblem.tsx";
import { ConfigError, loadConfig } from "@/config/config.ts";
import { type Services, ServicesContext } from "@/data/api.ts";
import { limited } from "@/data/limits.ts";
import { MessagesProvider } from "@/messages/react.tsx";
import { applyTheme } from "@/ui/theme.ts";

async function servicesOf(): Promise<Services> {
  const address = new URL(location.href);
  if (returns(address)) void loadApp().catch(() => undefined); // the gate says what failed
  const config = await loadConfig(address.origin);
  const session = new Session(managerOf(config, address));
  const next = await session.begin(address);
  if (next) history.replaceState(null, "", next);
  const client = trmClient({ baseUrl: config.api, token: () => session.token(), fetch: limited(fetch) });
  return { config, session, client };
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
            <Gate />
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
