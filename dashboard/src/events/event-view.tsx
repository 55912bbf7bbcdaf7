import { Link } from "@tanstack/react-router";
import type { EventDetail } from "../api/types.ts";
import { DeliveryList } from "../deliveries/delivery-list.tsx";
import { PayloadDeleted } from "../deliveries/retention.tsx";
import { BodyPanel } from "../exchange/body-panel.tsx";
import { Card } from "../ui/card.tsx";
import { Facts } from "../ui/facts.tsx";
import { PanelBoundary } from "../ui/panel-boundary.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

/** What an event was, and what became of it. */
export function EventView({ event }: { event: EventDetail }) {
  return (
    <div className="flex flex-col gap-6">
      <Card aria-label="Summary" className="p-5">
        <Facts
          facts={[
            { name: "Happened", value: <TimeAgo at={event.created_at} /> },
            { name: "Accepted", value: <TimeAgo at={event.accepted_at} /> },
            { name: "Event", value: <span className="font-mono text-badge">{event.id}</span>, isLong: true },
          ]}
        />
      </Card>
      <section aria-labelledby="became">
        <h2 id="became" className="mb-2 text-card font-semibold">
          What became of it
        </h2>
        <PanelBoundary what="Its deliveries">
          {event.deliveries.length === 0 ? (
            <p className="text-muted">No connection wanted it.</p>
          ) : (
            <DeliveryList deliveries={event.deliveries} label="Deliveries of this event" omit="event" />
          )}
        </PanelBoundary>
      </section>
      {event.not_delivered.length > 0 && <NotDelivered connections={event.not_delivered} />}
      <section aria-labelledby="data">
        <h2 id="data" className="text-card font-semibold">
          Data
        </h2>
        {event.data === null ? (
          <div className="mt-2">
            <PayloadDeleted />
          </div>
        ) : (
          <BodyPanel title="JSON" what="event data" body={event.data} exactWord="As stored" />
        )}
      </section>
    </div>
  );
}

function NotDelivered({ connections }: { connections: EventDetail["not_delivered"] }) {
  return (
    <section aria-labelledby="not-delivered">
      <h2 id="not-delivered" className="mb-2 text-card font-semibold">
        Who did not get it, and why
      </h2>
      <ul className="divide-y divide-line rounded-card border border-line bg-surface">
        {connections.map(({ connection_id, connection_name, reason }) => (
          <li
            key={connection_id}
            className="flex flex-col gap-x-6 px-4 py-2 text-table md:flex-row md:items-baseline"
          >
            <Link
              to="/integrations/connections/$id"
              params={{ id: connection_id }}
              className="flex min-h-11 min-w-0 items-center font-medium [overflow-wrap:anywhere] hover:underline md:min-h-0 md:basis-64"
            >
              {connection_name}
            </Link>
            <span className="min-w-0 flex-1 text-muted [overflow-wrap:anywhere]">
              <InlineCode text={reason} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The server sets names apart with backticks. */
function InlineCode({ text }: { text: string }) {
  return text.split("`").map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never move
      <code key={index} className="font-mono text-fg">
        {part}
      </code>
    ),
  );
}
