import assert from "node:assert/strict";
import type { Store } from "../../src/db/open.ts";
import { addFailures, addSuccesses, type IssueRun, setIssueState } from "../../src/domain/issue.ts";
import { causeText } from "../../src/domain/statistics.ts";
import { StatisticsFolder } from "../../src/statistics/fold.ts";

type HistoryEntry =
  | { readonly at: number; readonly connectionId: string; readonly cause: string | null }
  | { readonly at: number; readonly connectionId: string; readonly isDisconnected: true };

/** Folds all statistics, then compares the issues with a recount from the stored attempts, in order. */
export async function assertIssuesEqualRecount(store: Store): Promise<void> {
  await new StatisticsFolder(store).foldAll();
  const history = [...(await readAttempts(store)), ...(await readDisconnects(store))].sort(
    (a, b) => a.at - b.at,
  );
  const runs = new Map<string, IssueRun>();
  for (const one of history) apply(runs, one);
  const expected = [...runs].map(([key, run]) => [key, ...shown(run)] as const);
  const rows = await store.db.selectFrom("issues").selectAll().execute();
  const stored = rows.map(
    (row) =>
      [
        `${row.connection_id} ${row.cause}`,
        row.first_seen_at,
        row.last_seen_at,
        row.failed_deliveries + row.retrying_attempts,
      ] as const,
  );
  assert.deepEqual(sorted(stored), sorted(expected));
  const disconnected = new Set(
    (
      await store.db.selectFrom("connections").select("id").where("status", "=", "disconnected").execute()
    ).map(({ id }) => id),
  );
  for (const row of rows.filter(({ is_intermittent: alternates }) => alternates === 0)) {
    // A request that was in flight may have failed after the connection was disconnected.
    const run = runs.get(`${row.connection_id} ${row.cause}`);
    const state = disconnected.has(row.connection_id) ? "resolved" : run?.state;
    assert.equal(row.state, state, "state");
  }
  const pending = await store.db.selectFrom("pending_counts").selectAll().execute();
  for (const row of rows.filter(({ state }) => state !== "resolved")) {
    const waiting = pending.find(({ connection_id: id }) => id === row.connection_id)?.pending ?? 0;
    assert.equal(row.impact, row.failed_deliveries + waiting, "impact");
  }
}

function apply(runs: Map<string, IssueRun>, one: HistoryEntry): void {
  const { at, connectionId } = one;
  const ends = { firstAt: at, lastAt: at };
  if ("cause" in one && one.cause !== null) {
    const key = `${connectionId} ${one.cause}`;
    const counts = { failedDeliveries: 0, retryingAttempts: 1, exampleDeliveryId: null };
    runs.set(key, addFailures(runs.get(key) ?? null, { ...ends, ...counts }));
    return;
  }
  for (const [key, run] of runs) {
    if (!key.startsWith(`${connectionId} `)) continue;
    if (!("isDisconnected" in one)) runs.set(key, addSuccesses(run, ends));
    else if (run.state !== "resolved") runs.set(key, setIssueState(run, "resolved", at));
  }
}

function shown({ firstSeenAt, lastSeenAt, failedDeliveries, retryingAttempts }: IssueRun) {
  return [firstSeenAt, lastSeenAt, failedDeliveries + retryingAttempts] as const;
}

function sorted<Row extends readonly [string, ...unknown[]]>(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

async function readAttempts({ db }: Store): Promise<readonly HistoryEntry[]> {
  const rows = await db
    .selectFrom("attempts")
    .innerJoin("deliveries", "deliveries.id", "attempts.delivery_id")
    .innerJoin("connections", "connections.id", "deliveries.connection_id")
    .select(["deliveries.connection_id", "connections.endpoint_host", "attempts.started_at"])
    .select(["attempts.duration_ms", "attempts.response_status", "attempts.error_code"])
    .where("attempts.trigger_kind", "!=", "test")
    .execute();
  return rows.map((row) => ({
    at: row.started_at + row.duration_ms,
    connectionId: row.connection_id,
    cause:
      row.error_code === null
        ? null
        : causeText({
            errorCode: row.error_code,
            responseStatus: row.response_status,
            host: row.endpoint_host,
          }),
  }));
}

async function readDisconnects({ db }: Store): Promise<readonly HistoryEntry[]> {
  const rows = await db
    .selectFrom("audit_entries")
    .select(["target_id", "created_at"])
    .where("action", "=", "connection.disconnected")
    .execute();
  return rows.map((row) => ({
    at: row.created_at,
    connectionId: row.target_id ?? "",
    isDisconnected: true,
  }));
}
