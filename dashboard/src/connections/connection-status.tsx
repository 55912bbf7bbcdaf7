import type { Connection } from "../api/types.ts";
import { PastTime } from "../ui/past-time.tsx";
import { Status } from "../ui/status.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

/** The state of a connection as a badge. */
export function ConnectionStateBadge({ connection }: { connection: Connection }) {
  return <Status name={connection.state} />;
}

/** The time when the connection entered its state, if known. */
export function StateSince({ connection }: { connection: Connection }) {
  const { state, state_since: since } = connection;
  if (since === null) return null;
  if (state === "idle" && connection.last_event_at === null) return <span>never used</span>;
  return (
    <span>
      {state === "idle" ? "last used " : "since "}
      {state === "idle" ? <TimeAgo at={since} /> : <PastTime at={since} />}
    </span>
  );
}

const HEALTH = { unknown: "not_tested", healthy: "healthy", unhealthy: "unhealthy" } as const;

export function ConnectionHealth({ connection }: { connection: Connection }) {
  return <Status name={HEALTH[connection.health]} />;
}
