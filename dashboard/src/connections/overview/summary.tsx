import type { Connection } from "../../api/types.ts";
import { RecentStats } from "../../stats/sparkline.tsx";
import { Card } from "../../ui/card.tsx";
import { Facts } from "../../ui/facts.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { ConnectionStateBadge } from "../connection-status.tsx";
import { EndpointFingerprint, EndpointPreview } from "../endpoint.tsx";

export function Summary({ connection }: { connection: Connection }) {
  return (
    <Card aria-label="Summary" className="flex flex-col gap-4 p-5">
      <RecentStats connectionId={connection.id} />
      <Facts
        facts={[
          { name: "Status", value: <ConnectionStateBadge connection={connection} /> },
          {
            name: "Last event",
            value: connection.last_event_at ? <TimeAgo at={connection.last_event_at} /> : "None yet",
          },
          {
            name: "Signature",
            value: connection.config.webhook.has_signing_secret ? "Signed" : "Not signed",
          },
          { name: "Endpoint", value: <EndpointPreview connection={connection} />, isLong: true },
          { name: "Fingerprint", value: <EndpointFingerprint connection={connection} /> },
        ]}
      />
    </Card>
  );
}
