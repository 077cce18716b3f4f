import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { decisionFilter } from "@/data/decisions.ts";
import { whySearch } from "@/data/why.ts";
import { HomePage } from "@/features/home/HomePage.tsx";
import { searchOf } from "@/features/tensions/board/search.ts";
import { Frame } from "@/frame/Frame.tsx";
import { NotFound } from "@/frame/NotFound.tsx";
import { RouteProblem } from "@/frame/RouteProblem.tsx";

/** A page that is loaded when somebody goes there; where that fails, what is around it stays and says so. */
function page<Name extends string>(load: () => Promise<Record<Name, () => ReactNode>>, name: Name) {
  const loaded = () =>
    load().catch((cause: unknown) => {
      throw new Error("The page was not loaded.", { cause }); // else the router would reload what cannot be had
    });
  return lazyRouteComponent(loaded, name);
}

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound, validateSearch: whySearch });

const decisions = createRoute({
  getParentRoute: () => root,
  path: "/decisions",
  validateSearch: decisionFilter,
  component: page(() => import("@/features/decisions/DecisionsPage.tsx"), "DecisionsPage"),
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
    component: page(() => import("@/features/recognise/RecognisePage.tsx"), "RecognisePage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/dev/parts",
    component: page(() => import("@/features/parts/PartsPage.tsx"), "PartsPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/tensions",
    validateSearch: searchOf,
    component: page(() => import("@/features/tensions/board/TensionsPage.tsx"), "TensionsPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/tensions/new",
    component: page(() => import("@/features/tensions/report/ReportPage.tsx"), "ReportPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/tensions/$tensionId",
    component: page(() => import("@/features/tensions/detail/TensionPage.tsx"), "TensionPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/recognitions/$recognitionId",
    component: page(() => import("@/features/recognitions/RecognitionPage.tsx"), "RecognitionPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/things/$id",
    component: page(() => import("@/features/things/ThingPage.tsx"), "ThingPage"),
  }),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultErrorComponent: RouteProblem,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
