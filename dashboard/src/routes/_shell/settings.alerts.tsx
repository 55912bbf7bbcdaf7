import { createFileRoute } from "@tanstack/react-router";
import { AlertsPage } from "../../alerts/alerts-page.tsx";
import { alertsQuery } from "../../alerts/queries.ts";
import { waitBriefly } from "../../navigation/wait-briefly.ts";

export const Route = createFileRoute("/_shell/settings/alerts")({
  loader: ({ context }) => waitBriefly(context.queryClient.prefetchQuery(alertsQuery)),
  component: AlertsPage,
});
