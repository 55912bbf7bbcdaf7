import { createFileRoute } from "@tanstack/react-router";
import { orSlow } from "../../navigation/or-slow.ts";
import { systemQuery } from "../../settings/queries.ts";
import { SystemPage } from "../../settings/system/system-page.tsx";

export const Route = createFileRoute("/_shell/settings/system")({
  loader: ({ context }) => orSlow(context.queryClient.prefetchQuery(systemQuery)),
  component: SystemPage,
});
