import { faultOf } from "../core/fault-of.ts";
import type { NotedConnection } from "../core/noted-attempt.ts";
import type { Database, DatabaseTransaction } from "../store/open.ts";
import { ATTEMPT_COLUMNS, attemptRow } from "./attempt-row.ts";
import { cancelDeliveries } from "./cancel.ts";
import type { NotePlan } from "./connection-notes.ts";
import type { DeliveryDeps } from "./deps.ts";
import type { Judged } from "./judge.ts";
import { acceptSystemEvents } from "./system-events.ts";
import { tellSystemEvents } from "./tell-system-events.ts";

/** What a commit changed besides the attempts. */
export type Written = {
  readonly noted: ReadonlyMap<string, NotedConnection | null>;
  readonly noLongerSteady: readonly string[];
  readonly leasesLost: readonly string[];
  readonly woken: readonly string[];
  readonly replays: readonly string[];
};

/** An earlier run of the same commit was not lost after all. */
export class RecordedMeanwhileError extends Error {
  override readonly name = "RecordedMeanwhileError";
  readonly ids: readonly string[];

  constructor(ids: readonly string[]) {
    super("attempts were recorded by an earlier run of their commit");
    this.ids = ids;
  }
}

type CommitDeps = Pick<
  DeliveryDeps,
  "hot" | "routing" | "workerId" | "now" | "noteAttempts" | "noteReplayed"
>;

/** Writes attempts with all that follows from them, in one transaction. @throws {RecordedMeanwhileError} */
export async function writeAttempts(
  deps: CommitDeps,
  trx: DatabaseTransaction,
  judged: readonly Judged[],
  plan: NotePlan,
): Promise<Written> {
  const { hot } = deps;
  const recorded = await hot.insertAttempts(trx, ATTEMPT_COLUMNS, judged.map(attemptRow));
  if (recorded.length > 0) throw new RecordedMeanwhileError(recorded);
  const leasesLost = await hot.finishDeliveries(trx, deps.workerId, judged.map(finishedRow));
  const replays = await noteReplays(deps, trx, judged);
  const noted = await noteConnections(deps, trx, judged, plan.full);
  const noLongerSteady = await hot.touchConnections(trx, plan.steady);
  await hot.addHourCounts(trx, plan.hours);
  const events = tellSystemEvents(judged, noted);
  const woken = await acceptSystemEvents(deps, trx, events, deps.now());
  return { noted, noLongerSteady, leasesLost, woken, replays };
}

function finishedRow({ finished, attempt, finishedAt, next }: Judged) {
  return {
    id: finished.claimed.id,
    status: next.status,
    nextAttemptAt: next.nextAttemptAt,
    responseStatus: attempt.outcome.kind === "response" ? attempt.outcome.response.status : null,
    errorCode: attempt.error?.code ?? null,
    durationMs: attempt.durationMs,
    finishedAt,
  };
}

async function noteReplays(
  deps: CommitDeps,
  trx: DatabaseTransaction,
  judged: readonly Judged[],
): Promise<readonly string[]> {
  const replayed = judged.flatMap(({ finished: { claimed }, attempt }) =>
    claimed.replayId === null ? [] : { replayId: claimed.replayId, deliveryId: claimed.id, ok: attempt.ok },
  );
  return replayed.length === 0 ? [] : deps.noteReplayed(trx, replayed, deps.now());
}

async function noteConnections(
  deps: CommitDeps,
  trx: DatabaseTransaction,
  judged: readonly Judged[],
  connectionIds: readonly string[],
): Promise<ReadonlyMap<string, NotedConnection | null>> {
  const byConnection = Map.groupBy(judged, ({ finished }) => finished.claimed.connection.id);
  const noted = new Map<string, NotedConnection | null>();
  // In one order everywhere, so that two processes never wait for each other in a circle.
  for (const connectionId of [...connectionIds].sort()) {
    const attempts = (byConnection.get(connectionId) ?? []).map(
      ({ finished, attempt, finishedAt, next }) => ({
        fault: faultOf(attempt.outcome),
        isTest: finished.claimed.trigger === "test",
        isOrdered: finished.claimed.connection.isOrdered,
        error: attempt.error,
        finishedAt,
        fingerprint: finished.claimed.connection.endpoint.fingerprint,
        holdsUntil: next.holdsUntil,
        isGone: next.isGone,
      }),
    );
    const connection = await deps.noteAttempts(trx, connectionId, attempts);
    noted.set(connectionId, connection);
    // It was disconnected while these were under way: what would be tried again is cancelled like the rest.
    if (connection?.status === "disconnected") await cancelDeliveries(trx, connectionId, deps.now());
  }
  return noted;
}

/** Those of these attempts that are recorded, by id. */
export async function findRecorded(db: Database, judged: readonly Judged[]): Promise<ReadonlySet<string>> {
  if (judged.length === 0) return new Set();
  const rows = await db
    .selectFrom("attempts")
    .select("id")
    .where(
      "id",
      "in",
      judged.map(({ id }) => id),
    )
    .execute();
  return new Set(rows.map(({ id }) => id));
}
