import { type ComponentType, useEffect, useState, useSyncExternalStore } from "react";
import { useServices } from "@/data/api.ts";
import { RouteProblem } from "@/frame/RouteProblem.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { SignIn } from "./SignIn.tsx";

/** Fetch what is behind the gate. */
export const loadApp = () => import("@/App.tsx");

/** Whoever is not signed in sees how to be, wherever they are; the app is fetched meanwhile. */
export function Gate() {
  const { session } = useServices();
  const state = useSyncExternalStore(session.subscribe, () => session.state);
  const [App, setApp] = useState<ComponentType | null>(null);
  const [failed, setFailed] = useState(false);
  const inside = state.is === "in";
  // biome-ignore lint/correctness/useExhaustiveDependencies: what failed before somebody signed in is tried again
  useEffect(() => {
    loadApp().then(
      (app) => setApp(() => app.App),
      () => setFailed(true),
    );
  }, [inside]);
  if (state.is === "out") return <SignIn state={state} />;
  if (App) return <App />;
  return <main className="mx-auto max-w-[80ch] p-8">{failed ? <RouteProblem /> : <Skeleton rows={4} />}</main>;
}
