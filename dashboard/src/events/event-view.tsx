import { Link } from "@tanstack/react-router";
import type { EventDetail } from "../api/types.ts";
import { DeliveryList } from "../deliveries/delivery-list.tsx";
import { PayloadDeleted } from "../deliveries/retention.tsx";
import { BodyPanel } from "../exchange/body-panel.tsx";
import { counted } from "../text/count.ts";
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
      {event.not_delivered.length > 0 && <NotDelivered groups={event.not_delivered} />}
      <section aria-labelledby="data">
        <h2 id="data" className="text-card font-semibold">
          Data
        </h2>
        {event.data_text === null ? (
          <div className="mt-2">
            <PayloadDeleted />
          </div>
        ) : (
          <BodyPanel title="JSON" what="event data" body={event.data_text} exactWord="As stored" />
        )}
      </section>
    </div>
  );
}

function NotDelivered({ groups }: { groups: EventDetail["not_delivered"] }) {
  return (
    <section aria-labelledby="not-delivered">
      <h2 id="not-delivered" className="mb-2 text-card font-semibold">
        Not delivered to
      </h2>
      <div className="divide-y divide-line rounded-card border border-line bg-surface">
        {groups.map((group) => (
          <NotDeliveredGroup key={group.code} group={group} />
        ))}
      </div>
    </section>
  );
}

/** Folded, so that a thousand connections take as much room as one. */
function NotDeliveredGroup({ group }: { group: EventDetail["not_delivered"][number] }) {
  const { reason, count, connections } = group;
  const more = count - connections.length;
  return (
    <details className="px-4 py-2 text-table">
      <summary className="flex min-h-11 cursor-pointer flex-wrap items-baseline gap-x-2 py-2 md:min-h-0 md:py-0">
        <span className="font-medium">{counted(count, "connection", "connections")}</span>
        <span className="min-w-0 text-muted [overflow-wrap:anywhere]">
          <InlineCode text={reason} />
        </span>
      </summary>
      <ul className="mt-1">
        {connections.map(({ id, name }) => (
          <li key={id}>
            <Link
              to="/integrations/connections/$id"
              params={{ id }}
              className="flex min-h-11 items-center [overflow-wrap:anywhere] hover:underline md:min-h-8"
            >
              {name}
            </Link>
          </li>
        ))}
        {more > 0 && (
          <li className="text-muted">And {counted(more, "other connection", "other connections")}</li>
        )}
      </ul>
    </details>
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
