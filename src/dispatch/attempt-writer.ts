import type { HotStatements, UsedRate } from "../db/hot-statements.ts";
import type { Database, DatabaseTransaction, Dialect } from "../db/open.ts";
import type { AttemptResult, UpdatedConnection } from "../domain/attempt-result.ts";
import { faultOf } from "../domain/fault-of.ts";
import type { ReplayChanges } from "../domain/replay.ts";
import type { EventRoutes } from "../ingest/event-routes.ts";
import { logEntry } from "../statistics/log-entry.ts";
import { ATTEMPT_COLUMNS, attemptRow } from "./attempt-row.ts";
import type { UpdatePlan } from "./connection-updates.ts";
import { countAttempts } from "./count-attempts.ts";
import { dropErased } from "./drop-erased.ts";
import type { Judged } from "./judge.ts";
import { acceptSystemEvents } from "./system-events.ts";
import { systemEventsOf } from "./system-events-of.ts";

/** Changes of a commit besides the attempts themselves. */
export type Written = {
  readonly updated: ReadonlyMap<string, UpdatedConnection | null>;
  readonly noLongerSteady: readonly string[];
  /** Deliveries whose state was already set by something else. */
  readonly superseded: readonly string[];
  /** Connections with deliveries buffered here that a stopped replay took back. */
  readonly recalled: readonly string[];
  readonly woken: readonly string[];
  readonly replays: readonly string[];
};

/** An earlier run of the same commit succeeded after all. */
export class RecordedMeanwhileError extends Error {
  override readonly name = "RecordedMeanwhileError";
  readonly deliveryIds: readonly string[];

  constructor(deliveryIds: readonly string[]) {
    super("attempts were recorded by an earlier run of their commit");
    this.deliveryIds = deliveryIds;
  }
}

type AttemptWriterDeps = {
  readonly hot: HotStatements;
  readonly dialect: Dialect;
  readonly eventRoutes: EventRoutes;
  readonly now: () => number;
  /** Passes a connection its finished attempts. */
  readonly recordResults: (
    trx: DatabaseTransaction,
    connectionId: string,
    attempts: readonly AttemptResult[],
  ) => Promise<UpdatedConnection | null>;
  /** Counts attempts at replayed deliveries. */
  readonly countReplayed: (
    trx: DatabaseTransaction,
    attempts: readonly ReplayedAttempt[],
    now: number,
  ) => Promise<ReplayChanges>;
};

type ReplayedAttempt = { readonly replayId: string; readonly deliveryId: string; readonly ok: boolean };

/** Writes attempts and all their consequences, in one transaction. */
export class AttemptWriter {
  readonly #deps: AttemptWriterDeps;

  constructor(deps: AttemptWriterDeps) {
    this.#deps = deps;
  }

  /** @throws {RecordedMeanwhileError} */
  async write(trx: DatabaseTransaction, judged: readonly Judged[], plan: UpdatePlan): Promise<Written> {
    const { hot, now } = this.#deps;
    const { recordedBefore, renumbered } = await hot.insertAttempts(
      trx,
      ATTEMPT_COLUMNS,
      judged.map(attemptRow),
    );
    if (recordedBefore.length > 0) throw new RecordedMeanwhileError(recordedBefore);
    const before = await hot.finishDeliveries(trx, judged.map(finishedRow));
    const superseded = judged.filter((_, index) => before[index] === null).map(deliveryIdOf);
    const late = judged.filter((_, index) => before[index] !== "pending");
    const dropped = await dropErased(trx, this.#deps.dialect, late);
    const isKept = (deliveryId: string) => !dropped.has(deliveryId);
    await hot.recountAttempts(trx, renumbered.filter(isKept), superseded.filter(isKept));
    await hot.saveRates(trx, ratesOf(judged));
    const replays = await this.#countReplays(trx, judged);
    const updated = await this.#updateConnections(trx, judged, plan.full);
    const noLongerSteady = await hot.touchConnections(trx, plan.steady);
    const own = judged.filter((_, index) => before[index] !== null);
    const events = systemEventsOf(own, updated);
    const statistics = countAttempts(judged, before);
    const woken = await acceptSystemEvents({ ...this.#deps, statistics }, trx, events, now());
    await logEntry(hot, trx, statistics, now());
    return {
      updated,
      noLongerSteady,
      superseded,
      woken,
      replays: replays.changed,
      recalled: replays.recalled,
    };
  }

  async #countReplays(trx: DatabaseTransaction, judged: readonly Judged[]): Promise<ReplayChanges> {
    const { countReplayed, now } = this.#deps;
    const replayed = judged.flatMap(({ finished: { delivery }, attempt }) =>
      delivery.replayId === null
        ? []
        : { replayId: delivery.replayId, deliveryId: delivery.id, ok: attempt.ok },
    );
    return replayed.length === 0 ? { changed: [], recalled: [] } : countReplayed(trx, replayed, now());
  }

  async #updateConnections(
    trx: DatabaseTransaction,
    judged: readonly Judged[],
    connectionIds: readonly string[],
  ): Promise<ReadonlyMap<string, UpdatedConnection | null>> {
    const byConnection = Map.groupBy(judged, ({ finished }) => finished.delivery.connection.id);
    const updated = new Map<string, UpdatedConnection | null>();
    // The same order in every process prevents deadlocks.
    for (const connectionId of [...connectionIds].sort()) {
      const attempts = (byConnection.get(connectionId) ?? []).map(toAttemptResult);
      updated.set(connectionId, await this.#deps.recordResults(trx, connectionId, attempts));
    }
    return updated;
  }
}

function deliveryIdOf({ finished }: Judged): string {
  return finished.delivery.id;
}

/** The part of an attempt that matters to its connection. */
export function toAttemptResult({
  finished: { delivery },
  attempt,
  finishedAt,
  next,
}: Judged): AttemptResult {
  return {
    fault: faultOf(attempt.outcome),
    isTest: delivery.trigger === "test",
    isOrdered: delivery.connection.isOrdered,
    error:
      attempt.error === null
        ? null
        : {
            ...attempt.error,
            explanation: JSON.stringify(attempt.explanation),
            deliveryId: delivery.id,
          },
    finishedAt,
    fingerprint: delivery.connection.endpoint.fingerprint,
    holdUntil: next.holdUntil,
    isGone: next.isGone,
  };
}

function finishedRow({ finished, attempt, finishedAt, next }: Judged) {
  return {
    id: finished.delivery.id,
    attemptCount: finished.delivery.attemptNumber - 1,
    status: next.status,
    nextAttemptAt: next.nextAttemptAt,
    responseStatus: attempt.outcome.kind === "response" ? attempt.outcome.response.status : null,
    errorCode: attempt.error?.code ?? null,
    durationMs: attempt.durationMs,
    finishedAt,
  };
}

/** The time until which each connection with a rate limit has used it up, in the same order in every process. */
function ratesOf(judged: readonly Judged[]): UsedRate[] {
  const rates = new Map<string, number>();
  for (const { finished } of judged) {
    const { connection, rateUsedUntil } = finished.delivery;
    if (rateUsedUntil !== null)
      rates.set(connection.id, Math.max(rates.get(connection.id) ?? 0, rateUsedUntil));
  }
  return [...rates].map(([id, usedUntil]) => ({ id, usedUntil })).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The deliveries of these attempts that are already recorded. */
export async function findRecorded(db: Database, judged: readonly Judged[]): Promise<ReadonlySet<string>> {
  if (judged.length === 0) return new Set();
  const rows = await db
    .selectFrom("attempts")
    .select(["delivery_id", "trigger_kind", "started_at", "duration_ms"])
    .where(
      "delivery_id",
      "in",
      judged.map(({ finished }) => finished.delivery.id),
    )
    .execute();
  const stored = Map.groupBy(rows, ({ delivery_id: id }) => id);
  const isStored = ({ finished: { delivery, signed }, attempt }: Judged) =>
    (stored.get(delivery.id) ?? []).some(
      (row) =>
        row.trigger_kind === delivery.trigger &&
        row.started_at === signed.startedAt &&
        row.duration_ms === attempt.durationMs,
    );
  return new Set(judged.filter(isStored).map(({ finished }) => finished.delivery.id));
}
