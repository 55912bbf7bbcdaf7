import { Link } from "@tanstack/react-router";
import type { DeliveryDetail } from "../../api/types.ts";
import { type AttemptReport, isInProgress } from "../../exchange/attempt-report.ts";
import { BodyPanel } from "../../exchange/body-panel.tsx";
import { WorkerNotice } from "../../settings/system/worker-notice.tsx";
import { CopyableId } from "../../ui/copyable-id.tsx";
import { Facts } from "../../ui/facts.tsx";
import { lazyPart } from "../../ui/lazy-part.tsx";
import { PanelBoundary } from "../../ui/panel-boundary.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Status } from "../../ui/status.tsx";
import { ExactTime } from "../../ui/time-ago.tsx";
import { TimeZoneSwitch } from "../../ui/time-zone-switch.tsx";
import { useNow } from "../../ui/use-now.ts";
import { DeliveryStatus } from "../delivery-status.tsx";
import { PayloadDeleted } from "../retention.tsx";
import { AttemptView } from "./attempt-view.tsx";
import { DeliveryActions } from "./delivery-actions.tsx";
import { EarlierAttempts } from "./earlier-attempts.tsx";
import { LiveAttemptView } from "./live-attempt-view.tsx";
import { NextAttemptLine } from "./next-attempt.tsx";
import { currentFailure, WhyFailed } from "./why-failed.tsx";

const LINK =
  "inline-flex min-h-11 min-w-11 items-center font-medium text-accent underline md:min-h-0 md:min-w-0";

type DeliveryViewProps = {
  delivery: DeliveryDetail;
  /** The attempt last reported as in progress, which may have ended since. */
  report: AttemptReport | null;
};

const TICK_MS = 5_000;

/** Loaded separately because only a failing delivery is compared. */
const ComparisonSection = lazyPart(
  "What changed",
  async () => (await import("../comparison/comparison-section.tsx")).ComparisonSection,
  { placeholder: <Skeleton className="h-32" /> },
);

/** All details of a delivery, below its heading. */
export function DeliveryView({ delivery, report }: DeliveryViewProps) {
  const { attempts, request } = delivery;
  const nowMs = useNow(TICK_MS);
  const live = report !== null && isInProgress(report, delivery, nowMs) ? report : null;
  // The row can be read before it shows that a worker has the delivery; once the attempt has a result, the result
  // counts.
  const isSending = live !== null && delivery.attempt_count < live.attempt.number;
  const explainedAbove = currentFailure(delivery);
  return (
    <div className="flex flex-col gap-5">
      <p aria-live="polite">
        {isSending ? <Status name="sending" /> : <DeliveryStatus delivery={delivery} />}
        <span className="float-right">
          <TimeZoneSwitch />
        </span>
      </p>
      <DeliveryActions delivery={delivery} />
      <WorkerNotice deliveries={[delivery]} />
      <WhyFailed delivery={delivery} />
      <Facts facts={factsOf(delivery)} />
      {explainedAbove !== null && delivery.status !== "cancelled" && (
        <ComparisonSection delivery={delivery} />
      )}
      <section aria-labelledby="attempts" className="flex flex-col gap-2">
        <h3 id="attempts" className="font-semibold">
          Attempts
        </h3>
        {live === null ? <NextAttemptLine delivery={delivery} /> : <LiveAttemptView report={live} />}
        {attempts.length === 0 && delivery.status === "cancelled" && (
          <p className="text-muted">Cancelled before the first attempt.</p>
        )}
        {attempts.toReversed().map((attempt, index) => (
          <PanelBoundary key={attempt.number} what={`Attempt ${attempt.number}`}>
            <AttemptView
              attempt={attempt}
              startsOpen={index === 0}
              isExplained={attempt !== explainedAbove}
            />
          </PanelBoundary>
        ))}
        <EarlierAttempts delivery={delivery} />
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
    { name: "Created", value: <ExactTime at={delivery.created_at} /> },
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
    ...(delivery.last_attempt_at === null
      ? []
      : [{ name: "Last attempt", value: <ExactTime at={delivery.last_attempt_at} /> }]),
    { name: "Delivery ID", value: <CopyableId id={delivery.id} what="delivery ID" />, isLong: true },
    { name: "Event ID", value: <CopyableId id={delivery.event_id} what="event ID" />, isLong: true },
    {
      name: "Connection ID",
      value: <CopyableId id={delivery.connection_id} what="connection ID" />,
      isLong: true,
    },
  ];
}
