import { isAmong } from "../db/among.ts";
import { inSlices } from "../db/in-slices.ts";
import { newId } from "../db/new-id.ts";
import type { DatabaseTransaction, Store } from "../db/open.ts";
import { type IssueRun, resolveIfDue, setIssueState } from "../domain/issue.ts";
import type { WorkspaceEntry } from "./entry.ts";
import {
  applyAttempts,
  attemptsByConnection,
  type ConnectionAttempts,
  leastRecent,
} from "./issue-changes.ts";
import { ISSUES, type Issue, issueRow, runColumns, toIssue, toRun } from "./issue-row.ts";

type FoldStore = Pick<Store, "hot" | "dialect">;

/** Limit for issues resolved in one transaction. */
const RESOLVED_PER_STEP_MAX = 500;

/** A connection that occurs in the log, in its workspace. */
type Touched = {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly attempts: ConnectionAttempts;
};

const NO_ATTEMPTS: ConnectionAttempts = { series: [], hasFailures: false };

/** Updates the issues of all connections in the log, after their pending counts. */
export async function foldIssues(
  store: FoldStore,
  trx: DatabaseTransaction,
  workspaces: readonly (readonly [workspaceId: string, added: WorkspaceEntry])[],
): Promise<void> {
  const touched: Touched[] = [];
  await inSlices(workspaces, ([workspaceId, added]) => {
    const byConnection = attemptsByConnection(added);
    for (const connectionId of new Set([...byConnection.keys(), ...added.pending.keys()])) {
      touched.push({ workspaceId, connectionId, attempts: byConnection.get(connectionId) ?? NO_ATTEMPTS });
    }
  });
  const known = await readKnown(store, trx, touched);
  const concerned = touched.filter(
    ({ connectionId, attempts }) => attempts.hasFailures || known.has(connectionId),
  );
  if (concerned.length === 0) return;
  const pending = await readPending(store, trx, concerned);
  const disconnected = await readDisconnected(store, trx, concerned);
  const written: Issue[] = [];
  const dropped: string[] = [];
  await inSlices(concerned, (one) => {
    const next = nextIssues(one, known.get(one.connectionId) ?? [], {
      pending: pending.get(one.connectionId) ?? 0,
      isDisconnected: disconnected.has(one.connectionId),
    });
    written.push(...next.written);
    dropped.push(...next.dropped);
  });
  await store.hot.mergeRows(trx, ISSUES, written.map(issueRow));
  if (dropped.length > 0) await deleteIssues(store, trx, dropped);
}

/** Reads and locks the issues of these connections: all of them if an attempt failed, or else those not resolved. */
async function readKnown(
  { dialect }: FoldStore,
  trx: DatabaseTransaction,
  touched: readonly Touched[],
): Promise<ReadonlyMap<string, readonly Issue[]>> {
  if (touched.length === 0) return new Map();
  const all = touched.map(({ connectionId }) => connectionId);
  const failing = touched
    .filter(({ attempts }) => attempts.hasFailures)
    .map(({ connectionId }) => connectionId);
  const rows = await trx
    .selectFrom("issues")
    .selectAll()
    .where((eb) => isAmong(dialect, eb.ref("connection_id"), all))
    .where((eb) => eb.or([eb("state", "!=", "resolved"), isAmong(dialect, eb.ref("connection_id"), failing)]))
    .orderBy("id")
    .$if(dialect === "postgres", (query) => query.forUpdate())
    .execute();
  return Map.groupBy(rows.map(toIssue), ({ connectionId }) => connectionId);
}

async function readPending(
  { dialect }: FoldStore,
  trx: DatabaseTransaction,
  touched: readonly Touched[],
): Promise<ReadonlyMap<string, number>> {
  const workspaceIds = [...new Set(touched.map(({ workspaceId }) => workspaceId))];
  const connectionIds = touched.map(({ connectionId }) => connectionId);
  const rows = await trx
    .selectFrom("pending_counts")
    .select(["connection_id", "pending"])
    .where((eb) => isAmong(dialect, eb.ref("workspace_id"), workspaceIds))
    .where((eb) => isAmong(dialect, eb.ref("connection_id"), connectionIds))
    .execute();
  return new Map(rows.map((row) => [row.connection_id, row.pending]));
}

function nextIssues(
  { workspaceId, connectionId, attempts }: Touched,
  known: readonly Issue[],
  { pending, isDisconnected }: { readonly pending: number; readonly isDisconnected: boolean },
): { readonly written: readonly Issue[]; readonly dropped: readonly string[] } {
  const byCause = new Map(known.map((issue) => [issue.cause, issue]));
  const runs = applyAttempts(new Map(known.map(({ cause, run }) => [cause, run])), attempts);
  const tooMany = new Set(leastRecent(runs));
  const written: Issue[] = [];
  for (const [cause, applied] of runs) {
    const run = isDisconnected ? ended(applied) : applied;
    const before = byCause.get(cause);
    const impact = run.failedDeliveries + pending;
    const isSame = before !== undefined && before.run === run && before.impact === impact;
    if (isSame || tooMany.has(cause)) continue;
    written.push({ id: before?.id ?? newId(), workspaceId, connectionId, cause, run, impact });
  }
  const dropped = known.filter(({ cause }) => tooMany.has(cause)).map(({ id }) => id);
  return { written, dropped };
}

/** A connection disconnected since its last attempts will have no success to resolve its issues. */
function ended(run: IssueRun): IssueRun {
  return run.state === "resolved" ? run : setIssueState(run, "resolved", run.lastSeenAt);
}

async function readDisconnected(
  { dialect }: FoldStore,
  trx: DatabaseTransaction,
  touched: readonly Touched[],
): Promise<ReadonlySet<string>> {
  const ids = touched.map(({ connectionId }) => connectionId);
  const rows = await trx
    .selectFrom("connections")
    .select("id")
    .where((eb) => isAmong(dialect, eb.ref("id"), ids))
    .where("status", "=", "disconnected")
    .execute();
  return new Set(rows.map(({ id }) => id));
}

async function deleteIssues(
  { dialect }: FoldStore,
  trx: DatabaseTransaction,
  ids: readonly string[],
): Promise<void> {
  await trx
    .deleteFrom("issues")
    .where((eb) => isAmong(dialect, eb.ref("id"), ids))
    .execute();
}

/** Resolves issues that have been quiet for long enough. An instance without any opens no transaction. */
export async function resolveDueIssues(
  store: Pick<Store, "db" | "dialect" | "transact">,
  now: number,
): Promise<void> {
  const due = await store.db
    .selectFrom("issues")
    .select("id")
    .where("resolves_at", "<=", now)
    .where("state", "!=", "resolved")
    .orderBy("resolves_at")
    .limit(RESOLVED_PER_STEP_MAX)
    .execute();
  if (due.length === 0) return;
  const ids = due.map(({ id }) => id);
  await store.transact(async (trx) => {
    const rows = await trx
      .selectFrom("issues")
      .selectAll()
      .where((eb) => isAmong(store.dialect, eb.ref("id"), ids))
      .orderBy("id")
      .$if(store.dialect === "postgres", (query) => query.forUpdate())
      .execute();
    for (const row of rows) {
      const run = resolveIfDue(toRun(row), now);
      if (run.state !== row.state)
        await trx.updateTable("issues").set(runColumns(run)).where("id", "=", row.id).execute();
    }
  });
}
