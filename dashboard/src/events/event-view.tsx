import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import type { EventDetail } from "../api/types.ts";
import { DeliveryList } from "../deliveries/delivery-list.tsx";
import { PayloadDeleted } from "../deliveries/retention.tsx";
import { BodyPanel } from "../exchange/body-panel.tsx";
import { count, counted } from "../text/count.ts";
import { Card } from "../ui/card.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Facts } from "../ui/facts.tsx";
import { PanelBoundary } from "../ui/panel-boundary.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { originWord } from "./origin-word.ts";
import { EventOutcomes } from "./outcomes.tsx";

/** An event: its data first, then its deliveries, then the connections that did not get it. */
export function EventView({ event }: { event: EventDetail }) {
  return (
    <div className="flex flex-col gap-6">
      <EventData event={event} />
      <Card aria-label="Summary" className="p-5">
        <Facts facts={factsOf(event)} />
      </Card>
      <EventDeliveries event={event} />
      {event.not_delivered.length > 0 && <NotDelivered event={event} />}
    </div>
  );
}

function EventData({ event: { data_text, data_erased_at } }: { event: EventDetail }) {
  return (
    <section aria-labelledby="data">
      <h2 id="data" className="text-card font-semibold">
        Data
      </h2>
      {data_text === null ? (
        <div className="mt-2">
          {data_erased_at ? <PayloadErased at={data_erased_at} /> : <PayloadDeleted />}
        </div>
      ) : (
        <BodyPanel title="JSON" what="event data" body={data_text} exactWord="As stored" />
      )}
    </section>
  );
}

function PayloadErased({ at }: { at: string }) {
  return (
    <p className="rounded-control bg-sunken p-3 text-table text-muted">
      <span>Payload erased</span> <TimeAgo at={at} />
      <span>. The event and the statuses of its deliveries are kept.</span>
    </p>
  );
}

function factsOf(event: EventDetail) {
  const { id, created_at, accepted_at, origin, idempotency_key } = event;
  return [
    { name: "Created", value: <TimeAgo at={created_at} /> },
    { name: "Accepted", value: <TimeAgo at={accepted_at} /> },
    { name: "Origin", value: originWord(origin) },
    { name: "Event ID", value: <Copyable text={id} what="event ID" />, isLong: true },
    ...(idempotency_key === null
      ? []
      : [
          {
            name: "Idempotency key",
            value: <Copyable text={idempotency_key} what="idempotency key" />,
            isLong: true,
          },
        ]),
  ];
}

function Copyable({ text, what }: { text: string; what: string }) {
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <span className="min-w-0 font-mono text-badge [overflow-wrap:anywhere]">{text}</span>
      <CopyButton text={() => text} what={what} />
    </span>
  );
}

function EventDeliveries({ event }: { event: EventDetail }) {
  const { deliveries, has_more_deliveries, outcomes } = event;
  return (
    <section aria-labelledby="event-deliveries">
      <div className="mb-2 flex flex-wrap items-baseline gap-x-4 text-table">
        <h2 id="event-deliveries" className="text-card font-semibold">
          Deliveries
        </h2>
        {deliveries.length > 1 && <EventOutcomes outcomes={outcomes} />}
      </div>
      <PanelBoundary what="Its deliveries">
        {deliveries.length === 0 ? (
          <p className="text-muted">No connection receives this event.</p>
        ) : (
          <DeliveryList deliveries={deliveries} label="Deliveries of this event" omit="event" />
        )}
      </PanelBoundary>
      {has_more_deliveries && (
        <p className="mt-2 text-table text-muted">Showing the first {count(deliveries.length)} deliveries.</p>
      )}
    </section>
  );
}

function NotDelivered({ event }: { event: EventDetail }) {
  return (
    <section aria-labelledby="not-delivered">
      <h2 id="not-delivered" className="mb-2 text-card font-semibold">
        Not delivered to
      </h2>
      <div className="divide-y divide-line rounded-card border border-line bg-surface">
        {event.not_delivered.map((group) => (
          <NotDeliveredGroup key={group.code} group={group} />
        ))}
      </div>
      {!event.not_delivered_is_complete && (
        <p className="mt-2 text-table text-muted">
          Only part of the connections of this workspace are counted here.
        </p>
      )}
    </section>
  );
}

/** Collapsed, so that a thousand connections take no more space than one. */
function NotDeliveredGroup({ group }: { group: EventDetail["not_delivered"][number] }) {
  const { reason, count, connections } = group;
  const more = count - connections.length;
  return (
    <details className="group px-4 py-2 text-table">
      <summary className="flex min-h-11 cursor-pointer flex-wrap items-baseline gap-x-2 py-2 md:min-h-0 md:py-0">
        <ChevronRight aria-hidden className="size-4 shrink-0 self-center text-muted group-open:rotate-90" />
        <span className="font-medium">{counted(count, "connection", "connections")}</span>
        <span className="min-w-0 text-muted [overflow-wrap:anywhere]">
          <InlineCode text={reason} />
        </span>
      </summary>
      <ul className="mt-1 pl-6">
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

/** The server marks names with backticks. */
function InlineCode({ text }: { text: string }) {
  return text.split("`").map((part, index) =>
    index % 2 === 0 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never move
      <span key={index}>{part}</span>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never move
      <code key={index} className="font-mono text-fg">
        {part}
      </code>
    ),
  );
}
