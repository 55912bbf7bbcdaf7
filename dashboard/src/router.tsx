import { createRouter } from "@tanstack/react-router";
import { queryClient } from "./query-client.ts";
import { routeTree } from "./route-tree.gen.ts";
import { CrashedContent } from "./shell/crash-page.tsx";
import { NotFoundPage } from "./shell/not-found-page.tsx";

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: "intent",
  // TanStack Query decides how old data can be.
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultErrorComponent: CrashedContent,
  defaultNotFoundComponent: NotFoundPage,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
