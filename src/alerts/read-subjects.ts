import { sql } from "kysely";
import type { Database, Store } from "../db/open.ts";
import type { Schema } from "../db/schema.ts";
import { ALERT_THRESHOLDS, type AlertCondition, WHOLE_WORKSPACE } from "../domain/alert.ts";
import { connectionState, type StateOfConnection } from "../domain/connection-state.ts";
import type { AlertSubject } from "../domain/evaluate-alert.ts";
import { readPendingOf } from "../statistics/read-pending.ts";
import type { SilenceReader } from "./read-silence.ts";

/** A connection with the name that notices show; the workspace as a whole has none. */
export type NamedSubject = AlertSubject & {
  readonly name: string;
  /** The error of its last attempt; null after a success. */
  readonly lastError: string | null;
};

type ReadSubjectsDeps = {
  readonly store: Pick<Store, "db" | "dialect">;
  readonly silence: SilenceReader;
};

const COLUMNS = [
  "id",
  "name",
  "status",
  "health",
  "first_failure_at",
  "probe_at",
  "probe_delay_ms",
  "hold_until",
  "hold_ms",
  "last_event_at",
  "last_sync_at",
  "last_error_message",
  "created_at",
] as const satisfies readonly (keyof Schema["connections"])[];
type Row = Pick<Schema["connections"], (typeof COLUMNS)[number]>;

/** The possible subjects of a workspace's alerts, with the facts that these conditions need. */
export async function readSubjects(
  { store, silence }: ReadSubjectsDeps,
  workspaceId: string,
  conditions: ReadonlySet<AlertCondition>,
  now: number,
): Promise<readonly NamedSubject[]> {
  const rows = await readConnections(store.db, workspaceId);
  const ids = rows.map(({ id }) => id);
  const pending = await readPendingOf(store, workspaceId, ids);
  const waiting = ids.filter((id) => (pending.get(id) ?? 0) > 0);
  const oldest = conditions.has("oldest_waiting") ? await readOldestDue(store, waiting) : new Map();
  const states = rows.map((row) => ({ row, state: stateOf(row, now) }));
  const silent = conditions.has("silence")
    ? await silence.ofConnections(workspaceId, silentConnections(states, now), now)
    : new Map<string, number>();
  const connections = states.map(({ row, state: { state, since } }) => ({
    id: row.id,
    name: row.name,
    lastError: row.last_error_message,
    state,
    stateSince: since,
    pending: Math.max(0, pending.get(row.id) ?? 0),
    oldestDueAt: oldest.get(row.id) ?? null,
    silentSince: silent.get(row.id) ?? null,
  }));
  if (!conditions.has("no_events")) return connections;
  return [...connections, await readWorkspace(silence, workspaceId, now)];
}

function readConnections(db: Database, workspaceId: string): Promise<Row[]> {
  return db
    .selectFrom("connections")
    .select(COLUMNS)
    .where("workspace_id", "=", workspaceId)
    .where("status", "!=", "disconnected")
    .orderBy("created_at")
    .orderBy("id")
    .execute();
}

function stateOf(row: Row, now: number): StateOfConnection {
  return connectionState(
    {
      status: row.status,
      statusSince: row.status === "connected" ? null : row.last_sync_at,
      receiver: {
        health: row.health,
        failingSince: row.first_failure_at,
        probeAt: row.probe_at,
        probeDelayMs: row.probe_delay_ms,
      },
      hold: { until: row.hold_until, lengthMs: row.hold_ms },
      lastActiveAt: row.last_event_at ?? row.created_at,
    },
    now,
  );
}

/** Connections that could be unexpectedly silent; paused and failing ones have a known reason. */
function silentConnections(
  states: readonly { readonly row: Row; readonly state: StateOfConnection }[],
  now: number,
): ReadonlyMap<string, number> {
  const lengthMs = (ALERT_THRESHOLDS.silence?.min ?? 0) * 60_000;
  return new Map(
    states.flatMap(({ row, state: { state } }) =>
      row.last_event_at !== null &&
      (state === "ok" || state === "idle") &&
      now - row.last_event_at >= lengthMs
        ? [[row.id, row.last_event_at] as const]
        : [],
    ),
  );
}

async function readWorkspace(
  silence: SilenceReader,
  workspaceId: string,
  now: number,
): Promise<NamedSubject> {
  return {
    id: WHOLE_WORKSPACE,
    name: "",
    lastError: null,
    state: "ok",
    stateSince: null,
    pending: 0,
    oldestDueAt: null,
    silentSince: await silence.ofWorkspace(workspaceId, now),
  };
}

/** When the first delivery of each queue was due: one index entry per queue, whatever the backlog. */
async function readOldestDue(
  { db, dialect }: ReadSubjectsDeps["store"],
  connectionIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (connectionIds.length === 0) return new Map();
  const ids =
    dialect === "sqlite"
      ? sql`(select value as id from json_each(${JSON.stringify(connectionIds)}))`
      : sql`unnest(${[...connectionIds]}::text[])`;
  const { rows } = await sql<{ id: string; due_at: number | null }>`
    select queue.id, (
      select min(next_attempt_at) from deliveries
      where deliveries.connection_id = queue.id and status = 'pending') as due_at
    from ${ids} as queue ${dialect === "sqlite" ? sql`` : sql`(id)`}`.execute(db);
  return new Map(rows.flatMap(({ id, due_at }) => (due_at === null ? [] : [[id, Number(due_at)] as const])));
}
