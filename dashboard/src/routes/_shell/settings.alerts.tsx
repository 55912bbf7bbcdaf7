import { createFileRoute } from "@tanstack/react-router";
import { AlertsPage } from "../../alerts/alerts-page.tsx";
import { alertsQuery } from "../../alerts/queries.ts";
import { orSlow } from "../../navigation/or-slow.ts";

export const Route = createFileRoute("/_shell/settings/alerts")({
  loader: ({ context }) => orSlow(context.queryClient.prefetchQuery(alertsQuery)),
  component: AlertsPage,
});
