import { Link } from "@tanstack/react-router";
import type { Replay } from "../api/types.ts";
import { joinList } from "../deliveries/delivery-filter.ts";
import { ConnectionNames } from "../filters/connection-names.tsx";
import { count } from "../text/count.ts";
import { spanOf } from "../text/span.ts";
import { Card } from "../ui/card.tsx";
import { Facts } from "../ui/facts.tsx";
import { Notice } from "../ui/notice.tsx";
import { Status } from "../ui/status.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { replayWords } from "./replay-filter.ts";
import { doneCount, notStartedCount, pendingOf } from "./replay-progress.ts";

/** A replay's progress and results so far. */
export function ReplayView({ replay }: { replay: Replay }) {
  return (
    <div className="flex flex-col gap-6">
      <StalledNotice replay={replay} />
      <Card aria-label="Progress" className="flex flex-col gap-5 p-5">
        <Progress replay={replay} />
        <Facts
          facts={[
            { name: "Delivered", value: count(replay.delivered) },
            { name: "Failed", value: count(replay.failed) },
            { name: "Waiting for a response", value: count(pendingOf(replay)) },
            { name: "Skipped", value: count(replay.skipped) },
            { name: "Not started", value: count(notStartedCount(replay)) },
          ]}
        />
        <p className="text-table text-muted">
          Delivered means that the receiver responded with 2xx. Skipped deliveries could not be sent: the
          payload is deleted, the connection is disconnected or was left out, or the delivery was cancelled.
        </p>
      </Card>
      <Card aria-label="Replay" className="p-5">
        <Facts
          facts={[
            {
              name: "Deliveries",
              value: (
                <ConnectionNames filter={replay.filter.connection_id}>
                  {(names) => replayWords(replay.filter, names)}
                </ConnectionNames>
              ),
              isLong: true,
            },
            { name: "Rate", value: `${replay.rate_per_second} per second` },
            ...(replay.when === "receiver_recovers"
              ? [{ name: "Starts", value: "When the receiver recovers" }]
              : []),
            ...(replay.healthy_only ? [{ name: "Receivers", value: "Healthy receivers only" }] : []),
            { name: "Started", value: <TimeAgo at={replay.created_at} /> },
            { name: "Started by", value: replay.created_by },
            ...(replay.finished_at === null
              ? []
              : [{ name: "Ended", value: <TimeAgo at={replay.finished_at} /> }]),
          ]}
        />
      </Card>
    </div>
  );
}

function Progress({ replay }: { replay: Replay }) {
  const done = doneCount(replay);
  const leftMs = (replay.eta_seconds ?? 0) * 1000;
  const percent =
    replay.total === 0 ? (replay.finished_at === null ? 0 : 100) : Math.min(100, (done / replay.total) * 100);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p aria-live="polite">
          <Status name={replay.status} />
        </p>
        <p className="font-medium">
          {count(done)} of {count(replay.total)} done
        </p>
        {replay.status === "running" && leftMs > 0 && (
          <p className="text-muted">about {spanOf(leftMs)} left</p>
        )}
      </div>
      <div
        role="progressbar"
        aria-label="Done"
        aria-valuenow={Math.floor(percent)}
        aria-valuemin={0}
        aria-valuemax={100}
        className="h-2 overflow-hidden rounded-badge bg-sunken"
      >
        <div
          className="h-full rounded-badge bg-accent forced-colors:border"
          style={{ width: `${percent}%` }}
        />
      </div>
    </div>
  );
}

/** Why a replay is waiting or has stopped, and for which connections. */
function StalledNotice({ replay }: { replay: Replay }) {
  const { status, waiting_for: waiting, stopped_for: stopped } = replay;
  return (
    <>
      {(status === "waiting_for_receiver" || waiting.length > 0) && status !== "paused" && (
        <Notice
          tone="warn"
          title={status === "waiting_for_receiver" ? "Waiting for receiver" : "Some receivers are failing"}
        >
          {status === "waiting_for_receiver"
            ? "All remaining deliveries go to failing receivers or paused connections. The replay continues automatically once a receiver accepts a request again."
            : "The replay sends to the other receivers, and continues with these once they accept a request again."}
          <ConnectionLinks connections={waiting} />
        </Notice>
      )}
      {stopped.length > 0 && (
        <Notice tone="err" title="Stopped for receivers that failed 5 times in a row">
          These receivers are still failing. See{" "}
          <Link
            to="/deliveries"
            search={{ status: "failed", connection: joinList(stopped.map((one) => one.connection_id)) }}
            className="font-medium underline"
          >
            why they failed
          </Link>
          , then start another replay for them.
          <ConnectionLinks connections={stopped} />
        </Notice>
      )}
      {status === "paused" && (
        <Notice tone="info" title="Paused">
          No more deliveries are queued until you resume. Those already queued are still sent.
        </Notice>
      )}
      {status === "stopped" && stopped.length === 0 && <Stopped replay={replay} />}
    </>
  );
}

function Stopped({ replay }: { replay: Replay }) {
  if (replay.stop_reason !== "failures") {
    return (
      <Notice tone="info" title="Stopped by a member">
        Deliveries that had not been sent by then returned to their earlier status.
      </Notice>
    );
  }
  return (
    <Notice tone="err" title="Stopped after 5 failures in a row">
      The receiver is still failing. See{" "}
      <Link
        to="/deliveries"
        search={{ status: "failed", connection: replay.filter.connection_id ?? undefined }}
        className="font-medium underline"
      >
        why they failed
      </Link>
      , then start another replay.
    </Notice>
  );
}

function ConnectionLinks({ connections }: { connections: Replay["waiting_for"] }) {
  if (connections.length === 0) return null;
  return (
    <ul className="mt-1 flex flex-wrap gap-x-4">
      {connections.map(({ connection_id: id, connection_name: name }) => (
        <li key={id} className="min-w-0">
          <Link
            to="/integrations/connections/$id"
            params={{ id }}
            className="inline-flex min-h-11 min-w-11 items-center font-medium underline [overflow-wrap:anywhere] md:min-h-0"
          >
            {name}
          </Link>
        </li>
      ))}
    </ul>
  );
}
