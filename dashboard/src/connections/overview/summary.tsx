import type { Connection } from "../../api/types.ts";
import { RecentStats } from "../../stats/sparkline.tsx";
import { Card } from "../../ui/card.tsx";
import { CopyableId } from "../../ui/copyable-id.tsx";
import { Facts } from "../../ui/facts.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { ConnectionStateBadge, StateSince } from "../connection-status.tsx";
import { EndpointFingerprint, EndpointPreview } from "../endpoint.tsx";
import { identityFacts } from "./identity-facts.tsx";
import { PendingDeliveries } from "./pending-deliveries.tsx";

export function Summary({ connection }: { connection: Connection }) {
  return (
    <Card aria-label="Summary" className="flex flex-col gap-4 p-5">
      <RecentStats connectionId={connection.id} />
      <PendingDeliveries connection={connection} />
      <Facts
        facts={[
          {
            name: "Status",
            value: (
              <span className="flex flex-wrap items-center gap-x-2">
                <ConnectionStateBadge connection={connection} />
                <span className="text-table text-muted">
                  <StateSince connection={connection} />
                </span>
              </span>
            ),
          },
          {
            name: "Last event",
            value: connection.last_event_at ? <TimeAgo at={connection.last_event_at} /> : "None yet",
          },
          {
            name: "Signature",
            value: connection.config.webhook.has_signing_secret ? "Signed" : "Not signed",
          },
          ...headerFacts(connection),
          { name: "Endpoint", value: <EndpointPreview connection={connection} />, isLong: true },
          { name: "Fingerprint", value: <EndpointFingerprint connection={connection} /> },
          { name: "Event types", value: <EventTypes types={connection.event_types} />, isLong: true },
          {
            name: "Connection ID",
            value: <CopyableId id={connection.id} what="connection ID" />,
            isLong: true,
          },
          ...identityFacts(connection),
        ]}
      />
    </Card>
  );
}

function headerFacts(connection: Connection) {
  const names = connection.config.webhook.header_names.join(", ");
  if (names === "") return [];
  const value = <span className="[overflow-wrap:anywhere]">{names}</span>;
  return [{ name: "Custom headers", value, isLong: true }];
}

function EventTypes({ types }: { types: readonly string[] }) {
  if (types.length === 1 && types[0] === "*") return <span>All</span>;
  return (
    <ul className="flex flex-wrap gap-x-4">
      {types.map((type) => (
        <li key={type}>
          <CopyableId id={type} what={`event type ${type}`} />
        </li>
      ))}
    </ul>
  );
}
