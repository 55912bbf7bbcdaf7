import { useQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { Diagnosis } from "../../connections/overview/diagnosis.tsx";
import { InspectorNotice } from "../../connections/overview/inspector-notice.tsx";
import { RecentDeliveries } from "../../connections/overview/recent-deliveries.tsx";
import { StateNotice } from "../../connections/overview/state-notice.tsx";
import { Summary } from "../../connections/overview/summary.tsx";
import { TestPanel } from "../../connections/overview/test-panel.tsx";
import { useFollowedConnection } from "../../connections/overview/use-followed-connection.ts";
import { connectionQuery } from "../../connections/queries.ts";
import { SilenceNotice } from "../../stats/silence-notice.tsx";
import { lazyPart } from "../../ui/lazy-part.tsx";
import { PanelBoundary } from "../../ui/panel-boundary.tsx";

/** Loaded separately: the charts are below the fold. */
const LastDay = lazyPart(
  "The charts",
  async () => (await import("../../connections/overview/last-day.tsx")).LastDay,
);

export const Route = createFileRoute("/_shell/integrations/connections/$id/")({ component: OverviewTab });

function OverviewTab() {
  const { id } = Route.useParams();
  useFollowedConnection(id);
  const connection = useQuery(connectionQuery(id)).data?.connection;
  if (connection === undefined) return null; // the surrounding page says why
  return (
    <div className="flex flex-col gap-6">
      <StateNotice connection={connection} />
      <PanelBoundary what="What is wrong">
        <Diagnosis connection={connection} />
      </PanelBoundary>
      <SilenceNotice connectionId={connection.id} />
      <InspectorNotice connection={connection} />
      <PanelBoundary what="The summary">
        <Summary connection={connection} />
      </PanelBoundary>
      <LastDay connectionId={connection.id} />
      <TestPanel connection={connection} />
      <PanelBoundary what="Recent deliveries">
        <RecentDeliveries connectionId={connection.id} />
      </PanelBoundary>
    </div>
  );
}
