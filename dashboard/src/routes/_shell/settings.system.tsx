import { createFileRoute } from "@tanstack/react-router";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { systemQuery } from "../../settings/queries.ts";
import { SystemPage } from "../../settings/system/system-page.tsx";

export const Route = createFileRoute("/_shell/settings/system")({
  loader: ({ context }) => waitBriefly(context.queryClient.prefetchQuery(systemQuery)),
  component: SystemPage,
});
