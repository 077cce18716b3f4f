export * from "./client.ts";
export type * as events from "./events.ts";
export type * from "./openapi.ts";
