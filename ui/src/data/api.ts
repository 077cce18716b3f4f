import { createContext, use } from "react";
import { type TrmClient, TrmProblem } from "trm-os-client";
import type { Session } from "@/auth/session.ts";
import type { Config } from "@/config/config.ts";

/** What the whole app stands on; made once at start. */
export interface Services {
  config: Config;
  session: Session;
  client: TrmClient;
}

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error("ServicesContext is missing");
  return services;
}

/** The gateway takes the token no more. */
export function endsSession(error: unknown): boolean {
  return error instanceof TrmProblem && ["tokenMissing", "tokenInvalid"].includes(error.problem.code);
}

/** Whether the same request may go well a moment later. */
export function mayPass(error: unknown): boolean {
  return !(error instanceof TrmProblem) || error.problem.status === 503;
}

/** There is no such thing, or it is not for the reader. */
export function isGone(error: unknown): boolean {
  return error instanceof TrmProblem && (error.problem.status === 404 || error.problem.code === "invalidRequest");
}
