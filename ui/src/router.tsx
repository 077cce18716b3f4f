import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { useSyncExternalStore } from "react";
import { SignIn } from "@/auth/SignIn.tsx";
import { useServices } from "@/data/api.ts";
import { decisionFilter } from "@/data/decisions.ts";
import { whySearch } from "@/data/why.ts";
import { HomePage } from "@/features/home/HomePage.tsx";
import { searchOf } from "@/features/tensions/board/search.ts";
import { Frame } from "@/frame/Frame.tsx";
import { NotFound } from "@/frame/NotFound.tsx";

/** Whoever is not signed in sees how to be, wherever they are. */
function Root() {
  const { session } = useServices();
  const state = useSyncExternalStore(session.subscribe, () => session.state);
  return state.is === "in" ? <Frame name={state.name} /> : <SignIn state={state} />;
}

const root = createRootRoute({ component: Root, notFoundComponent: NotFound, validateSearch: whySearch });

const decisions = createRoute({
  getParentRoute: () => root,
  path: "/decisions",
  validateSearch: decisionFilter,
  component: lazyRouteComponent(() => import("@/features/decisions/DecisionsPage.tsx"), "DecisionsPage"),
});

const routeTree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: "/", component: HomePage }),
  decisions.addChildren([
    createRoute({ getParentRoute: () => decisions, path: "/" }),
    createRoute({ getParentRoute: () => decisions, path: "$decisionId" }),
  ]),
  createRoute({
    getParentRoute: () => root,
    path: "/recognise",
    component: lazyRouteComponent(() => import("@/features/recognise/RecognisePage.tsx"), "RecognisePage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/dev/parts",
    component: lazyRouteComponent(() => import("@/features/parts/PartsPage.tsx"), "PartsPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/tensions",
    validateSearch: searchOf,
    component: lazyRouteComponent(() => import("@/features/tensions/board/TensionsPage.tsx"), "TensionsPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/tensions/new",
    component: lazyRouteComponent(() => import("@/features/tensions/report/ReportPage.tsx"), "ReportPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/tensions/$tensionId",
    component: lazyRouteComponent(() => import("@/features/tensions/detail/TensionPage.tsx"), "TensionPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/recognitions/$recognitionId",
    component: lazyRouteComponent(() => import("@/features/recognitions/RecognitionPage.tsx"), "RecognitionPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/things/$id",
    component: lazyRouteComponent(() => import("@/features/things/ThingPage.tsx"), "ThingPage"),
  }),
]);

export const router = createRouter({ routeTree, defaultPreload: "intent", scrollRestoration: true });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
