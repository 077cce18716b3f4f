import { createMemoryHistory, createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { expect, it } from "vitest";
import { whySearch } from "@/data/why.ts";
import { asking, deeper } from "./opened.ts";

const A = "0198a3b0-0000-7000-8000-00000000000a";
const B = "0198a3b0-0000-7000-8000-00000000000b";

function routerAt(url: string) {
  const root = createRootRoute({ validateSearch: whySearch });
  const page = createRoute({ getParentRoute: () => root, path: "/tensions" });
  return createRouter({
    routeTree: root.addChildren([page]),
    history: createMemoryHistory({ initialEntries: ["/", url], initialIndex: 1 }),
  });
}

it("leads back to the page by as many steps as led away from it", async () => {
  const router = routerAt("/tensions?view=list") as ReturnType<typeof createRouter>;
  await router.load();
  for (const why of [A, B]) {
    const { href, state } = router.buildLocation({ to: ".", search: asking(why) as never, state: deeper } as never);
    router.history.push(href, state);
    router.updateLatestLocation();
  }
  expect(router.history.location.href).toBe(`/tensions?view=list&why=${B}`);
  expect(router.history.location.state.whyDepth).toBe(2);
  router.history.go(-2);
  expect(router.history.location.href).toBe("/tensions?view=list");
});

it("leaves the rest of an address as it is once nothing is asked", async () => {
  const router = routerAt(`/tensions?view=list&why=${A}`) as ReturnType<typeof createRouter>;
  await router.load();
  const { href } = router.buildLocation({ to: ".", search: asking(undefined) as never } as never);
  expect(href).toBe("/tensions?view=list");
});
