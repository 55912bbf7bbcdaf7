import { Link } from "@tanstack/react-router";
import type { DeliveryDetail } from "../../api/types.ts";
import { BodyPanel } from "../../exchange/body-panel.tsx";
import { Facts } from "../../ui/facts.tsx";
import { later } from "../../ui/later.tsx";
import { PanelBoundary } from "../../ui/panel-boundary.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { DeliveryStatus } from "../delivery-status.tsx";
import { PayloadDeleted } from "../retention.tsx";
import { AttemptView } from "./attempt-view.tsx";
import { DeliveryActions } from "./delivery-actions.tsx";
import { standingFailure, WhyFailed } from "./why-failed.tsx";

const LINK =
  "inline-flex min-h-11 min-w-11 items-center font-medium text-accent underline md:min-h-0 md:min-w-0";

/** Only what fails is compared. */
const ComparisonSection = later(
  "What changed",
  async () => (await import("../comparison/comparison-section.tsx")).ComparisonSection,
  { placeholder: <Skeleton className="h-32" /> },
);

/** All that is known of a delivery, below its name. */
export function DeliveryView({ delivery }: { delivery: DeliveryDetail }) {
  const { attempts, request } = delivery;
  const explainedAbove = standingFailure(delivery);
  return (
    <div className="flex flex-col gap-5">
      <p aria-live="polite">
        <DeliveryStatus delivery={delivery} />
      </p>
      <DeliveryActions delivery={delivery} />
      <WhyFailed delivery={delivery} />
      <Facts facts={factsOf(delivery)} />
      {explainedAbove !== null && delivery.status !== "cancelled" && (
        <ComparisonSection delivery={delivery} />
      )}
      <section aria-labelledby="attempts" className="flex flex-col gap-2">
        <h3 id="attempts" className="font-semibold">
          Attempts
        </h3>
        {attempts.length === 0 && <p className="text-muted">None yet.</p>}
        {attempts.toReversed().map((attempt, index) => (
          <PanelBoundary key={attempt.id} what={`Attempt ${attempt.number}`}>
            <AttemptView
              attempt={attempt}
              startsOpen={index === 0}
              isExplained={attempt !== explainedAbove}
            />
          </PanelBoundary>
        ))}
      </section>
      <section aria-labelledby="request">
        <h3 id="request" className="font-semibold">
          Request
        </h3>
        <p className="mt-1 font-mono text-table [overflow-wrap:anywhere]">
          <span className="font-semibold">{request.method}</span> {request.url_preview}
        </p>
        {request.body === null ? (
          <div className="mt-2">
            <PayloadDeleted />
          </div>
        ) : (
          <BodyPanel what="request body" body={request.body} exactWord="As sent" />
        )}
      </section>
    </div>
  );
}

function factsOf(delivery: DeliveryDetail) {
  return [
    {
      name: "Connection",
      value: (
        <Link to="/integrations/connections/$id" params={{ id: delivery.connection_id }} className={LINK}>
          {delivery.connection_name}
        </Link>
      ),
    },
    {
      name: "Event",
      value: (
        <Link to="/events/$id" params={{ id: delivery.event_id }} className={LINK}>
          {delivery.event_type}
        </Link>
      ),
    },
    { name: "Made", value: <TimeAgo at={delivery.created_at} /> },
    ...(delivery.replay_id === null
      ? []
      : [
          {
            name: "Replay",
            value: (
              <Link to="/deliveries/replays/$id" params={{ id: delivery.replay_id }} className={LINK}>
                Part of a replay
              </Link>
            ),
          },
        ]),
    {
      name: "Delivery",
      value: <span className="font-mono text-badge">{delivery.id}</span>,
      isLong: true,
    },
  ];
}
