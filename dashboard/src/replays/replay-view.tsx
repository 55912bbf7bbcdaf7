import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Replay } from "../api/types.ts";
import { connectionNamesQuery } from "../connections/queries.ts";
import { count } from "../text/count.ts";
import { spanOf } from "../text/span.ts";
import { Card } from "../ui/card.tsx";
import { Facts } from "../ui/facts.tsx";
import { Notice } from "../ui/notice.tsx";
import { Status } from "../ui/status.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { replayWords } from "./replay-filter.ts";

/** How far a replay is, and what came of it so far. */
export function ReplayView({ replay }: { replay: Replay }) {
  const names = useQuery(connectionNamesQuery).data ?? [];
  const connectionName = names.find(({ value }) => value === replay.filter.connection_id)?.label ?? null;
  return (
    <div className="flex flex-col gap-6">
      <WhyStopped replay={replay} />
      <Card aria-label="Progress" className="flex flex-col gap-5 p-5">
        <Progress replay={replay} />
        <Facts
          facts={[
            { name: "Delivered", value: count(replay.delivered) },
            { name: "Failed", value: count(replay.failed) },
            { name: "Waiting for an answer", value: count(waitingFor(replay)) },
            { name: "Skipped", value: count(replay.skipped) },
            { name: "Not begun", value: count(notBegun(replay)) },
          ]}
        />
        <p className="text-table text-muted">
          Delivered is what a receiver answered with 2xx. Skipped is what could not be sent: its payload is
          deleted, its connection disconnected, or it was cancelled meanwhile.
        </p>
      </Card>
      <Card aria-label="Replay" className="p-5">
        <Facts
          facts={[
            { name: "Takes", value: replayWords(replay.filter, connectionName), isLong: true },
            { name: "Rate", value: `${replay.rate_per_second} a second` },
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
  const done = replay.delivered + replay.failed + replay.skipped;
  const etaMs = (notBegun(replay) / replay.rate_per_second) * 1000;
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
        {replay.status === "running" && etaMs > 0 && <p className="text-muted">about {spanOf(etaMs)} left</p>}
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

function WhyStopped({ replay }: { replay: Replay }) {
  if (replay.status === "paused") {
    return (
      <Notice tone="info" title="Paused">
        Nothing more is made due until you resume. What is due already is still sent.
      </Notice>
    );
  }
  if (replay.status !== "stopped") return null;
  if (replay.stop_reason === "failures") {
    return (
      <Notice tone="err" title="Stopped after 5 failures in a row.">
        The receiver is not mended yet. See{" "}
        <Link to="/deliveries" search={{ status: "failed" }} className="font-medium underline">
          why they failed
        </Link>
        , then start another replay.
      </Notice>
    );
  }
  return (
    <Notice tone="info" title="Stopped by hand.">
      What had not been sent by then is again what it was before.
    </Notice>
  );
}

/** Made due and not answered. One that was cancelled meanwhile ends up among the skipped. */
function waitingFor({ total, queued, delivered, failed, skipped }: Replay): number {
  return Math.max(0, Math.min(queued, total - skipped) - delivered - failed);
}

function notBegun({ total, queued, skipped }: Replay): number {
  return Math.max(0, total - queued - skipped);
}
