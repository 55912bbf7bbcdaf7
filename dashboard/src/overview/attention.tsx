import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ListedConnection } from "../api/types.ts";
import { catalogQuery } from "../connections/queries.ts";
import { SinceTime } from "../issues/issue-list.tsx";
import { count, counted } from "../text/count.ts";
import { LoadProblem } from "../ui/load-problem.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { Status } from "../ui/status.tsx";
import { UntrustedText } from "../ui/untrusted-text.tsx";
import { attentionQuery, REFRESH_MS } from "./attention-query.ts";
import { type ConnectionCounts, countsOf, stateWords } from "./connection-counts.ts";

/** The connections that need attention, and the number in each state. Renders nothing while the counts are unknown. */
export function Attention() {
  const catalog = useQuery({ ...catalogQuery, refetchInterval: REFRESH_MS });
  const counts = countsOf(catalog.data ?? []);
  const hasProblems = counts?.states.some(({ state }) => state !== "idle") === true;
  const attention = useQuery({ ...attentionQuery, enabled: hasProblems });
  if (counts === null) return null;
  const connections = hasProblems ? attention.data : [];
  return (
    <section aria-labelledby="attention" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <h2 id="attention" className="text-card font-semibold">
          Connections that need attention
        </h2>
        <Counts counts={counts} />
      </div>
      {attention.error && !attention.data ? (
        <LoadProblem what="Connections" error={attention.error} onRetry={() => void attention.refetch()} />
      ) : connections === undefined ? (
        <Skeleton className="h-24" />
      ) : connections.length === 0 ? (
        <p className="rounded-card border border-line bg-surface px-4 py-3">
          <span>No connection is failing, held or paused.</span>
        </p>
      ) : (
        <ul
          aria-label="Connections that need attention"
          className="@container divide-y divide-line rounded-card border border-line bg-surface"
        >
          {connections.map((connection) => (
            <AttentionRow key={connection.id} connection={connection} />
          ))}
        </ul>
      )}
    </section>
  );
}

function AttentionRow({ connection }: { connection: ListedConnection }) {
  const { id, name, state, state_since: since, pending_count: pending, last_error: error } = connection;
  return (
    <li className="flex flex-col gap-x-4 gap-y-1 px-4 py-2 @2xl:flex-row @2xl:items-center">
      <span className="@2xl:w-24">
        <Status name={state} />
      </span>
      <Link
        to="/integrations/connections/$id"
        params={{ id }}
        className="inline-flex min-h-11 min-w-0 flex-1 items-center font-medium [overflow-wrap:anywhere] hover:underline md:min-h-6"
      >
        <UntrustedText text={name} />
      </Link>
      <p className="min-w-0 flex-2 text-table text-muted [overflow-wrap:anywhere]">
        {error !== null && <UntrustedText text={error.message} />}
      </p>
      <p className="flex gap-3 text-table text-muted @2xl:w-56 @2xl:justify-end">
        {since !== null && (
          <span>
            <span>since </span>
            <SinceTime at={since} />
          </span>
        )}
        <span>{count(pending)} waiting</span>
      </p>
    </li>
  );
}

/** "204 connections: 11 failing, 2 paused" */
function Counts({ counts }: { counts: ConnectionCounts }) {
  const { total, states } = counts;
  return (
    <p className="text-table text-muted">
      <Link to="/integrations/webhook" className="inline-flex min-h-11 items-center underline md:min-h-6">
        {counted(total, "connection", "connections")}
      </Link>
      {states.length > 0 && <span>: {stateWords(states)}</span>}
    </p>
  );
}
