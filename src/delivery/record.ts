import { type FinishedState, nextDeliveryState } from "../core/next-delivery-state.ts";
import type { NotedConnection } from "../core/noted-attempt.ts";
import { createGroupCommit } from "../store/group-commit.ts";
import type { DatabaseTransaction } from "../store/open.ts";
import { isDatabaseUnavailable } from "../store/unavailable.ts";
import { ATTEMPT_COLUMNS, attemptRow } from "./attempt-row.ts";
import { cancelDeliveries } from "./cancel.ts";
import { type ConnectionNews, createConnectionNotes, type NotePlan } from "./connection-notes.ts";
import type { DeliveryDeps } from "./deps.ts";
import { describeAttempt, type FinishedAttempt, type RecordedAttempt } from "./describe-attempt.ts";
import { acceptSystemEvents } from "./system-events.ts";
import { tellSystemEvents } from "./tell-system-events.ts";

/** A finished attempt with what follows from it. */
export type Judged = {
  readonly finished: FinishedAttempt;
  readonly attempt: RecordedAttempt;
  readonly finishedAt: number;
  readonly next: FinishedState;
};

export type Recorded = {
  readonly attempt: RecordedAttempt;
  readonly next: FinishedState;
  /** The connection as this commit left it; null when nothing about it changed. */
  readonly connection: NotedConnection | null;
};

export type Recorder = {
  /** Resolves once the attempt, the delivery's new state and the connection's health are committed. */
  readonly record: (finished: FinishedAttempt) => Promise<Recorded>;
  /** Writes what is otherwise written with the next attempts. */
  readonly flush: (writeAll: boolean) => Promise<void>;
  readonly idle: () => Promise<void>;
};

const ATTEMPTS_A_COMMIT_MAX = 500;
const RECORD_AGAIN_MIN_MS = 100;
const RECORD_AGAIN_MAX_MS = 2000;

type RecorderDeps = Pick<
  DeliveryDeps,
  | "hot"
  | "dialect"
  | "transact"
  | "routing"
  | "workerId"
  | "now"
  | "random"
  | "connectorFor"
  | "noteAttempts"
  | "noteReplayed"
  | "noteChange"
  | "observer"
> & { readonly wake: (connectionIds: readonly string[]) => void };

type Written = {
  readonly noted: ReadonlyMap<string, NotedConnection | null>;
  readonly noLongerSteady: readonly string[];
  readonly leasesLost: readonly string[];
  readonly woken: readonly string[];
  readonly replays: readonly string[];
};

/**
 * Writes what attempts came to. Attempts that finish at the same time share one commit. Only the holder of the lease
 * moves a delivery: if another took it over meanwhile, the attempt is still kept, the state is theirs.
 */
export function createRecorder(deps: RecorderDeps): Recorder {
  const notes = createConnectionNotes();

  const commit = async (judged: readonly Judged[], writeAll: boolean): Promise<Written> => {
    const startedAt = performance.now();
    const plan = notes.plan(readNews(judged), deps.now(), writeAll);
    const written = await deps.transact((trx) => write(deps, trx, judged, plan));
    plan.commit(
      new Map([...written.noted].map(([id, noted]) => [id, isSteady(noted)])),
      written.noLongerSteady,
    );
    deps.observer.committed("record", judged.length, performance.now() - startedAt);
    return written;
  };

  const group = createGroupCommit<FinishedAttempt | null, Recorded | null>(
    async (batch) => {
      const judged = batch.filter((one) => one !== null).map((finished) => judge(deps, finished));
      const written = await commit(judged, false);
      tell(deps, judged, written);
      const results = judged.values();
      return batch.map((one) => {
        const result = one === null ? undefined : results.next().value;
        if (result === undefined) return null;
        const { attempt, next, finished } = result;
        return { attempt, next, connection: written.noted.get(finished.claimed.connection.id) ?? null };
      });
    },
    { itemsMax: ATTEMPTS_A_COMMIT_MAX, commitsAtOnce: 1, restsWhenBusy: deps.dialect === "postgres" },
  );

  return {
    record: async (finished) => {
      for (let waitMs = RECORD_AGAIN_MIN_MS; ; waitMs = Math.min(2 * waitMs, RECORD_AGAIN_MAX_MS)) {
        try {
          const recorded = await group.add(finished);
          if (recorded === null) throw new Error("an attempt was recorded without a result");
          return recorded;
        } catch (error) {
          // The receiver has it. As long as the lease holds, it is worth waiting for the database: else it is sent again.
          const holds = deps.now() + waitMs < finished.claimed.leaseExpiresAt;
          if (!holds || !isDatabaseUnavailable(error)) throw error;
          await new Promise((resolve) => setTimeout(resolve, waitMs));
        }
      }
    },
    flush: async (writeAll) => {
      if (!notes.hasUnwritten()) return;
      // In line with the others, since one plan must be committed before the next is made.
      await group.add(null);
      if (writeAll && notes.hasUnwritten()) await commit([], true);
    },
    idle: group.idle,
  };
}

function isSteady(noted: NotedConnection | null): boolean {
  return noted !== null && noted.health === "healthy" && noted.consecutiveFailures === 0;
}

function judge(deps: RecorderDeps, finished: FinishedAttempt): Judged {
  const finishedAt = deps.now();
  const attempt = describeAttempt(deps, finished, finishedAt);
  const { claimed } = finished;
  const next = nextDeliveryState({
    ok: attempt.ok,
    status: attempt.outcome.kind === "response" ? attempt.outcome.response.status : null,
    trigger: claimed.trigger,
    attemptNumber: claimed.attemptNumber,
    dueAt: claimed.dueAt,
    isOrdered: claimed.connection.isOrdered,
    retryAfterSeconds: attempt.retryAfterSeconds,
    firstFailureAt: claimed.firstFailureAt,
    finishedAt,
    random: deps.random(),
  });
  return { finished, attempt, finishedAt, next };
}

function readNews(judged: readonly Judged[]): ConnectionNews[] {
  const byConnection = Map.groupBy(judged, ({ finished }) => finished.claimed.connection.id);
  return [...byConnection].map(([connectionId, attempts]) => {
    const traffic = attempts.filter(({ finished }) => finished.claimed.trigger !== "test");
    const delivered = traffic.filter(({ attempt }) => attempt.ok).length;
    return {
      connectionId,
      delivered,
      failed: traffic.length - delivered,
      hasTest: traffic.length < attempts.length,
      lastFinishedAt: attempts.at(-1)?.finishedAt ?? 0,
    };
  });
}

async function write(
  deps: RecorderDeps,
  trx: DatabaseTransaction,
  judged: readonly Judged[],
  plan: NotePlan,
): Promise<Written> {
  const { hot } = deps;
  await hot.insertAttempts(trx, ATTEMPT_COLUMNS, judged.map(attemptRow));
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
  deps: RecorderDeps,
  trx: DatabaseTransaction,
  judged: readonly Judged[],
): Promise<readonly string[]> {
  const replayed = judged.flatMap(({ finished: { claimed }, attempt }) =>
    claimed.replayId === null ? [] : { replayId: claimed.replayId, deliveryId: claimed.id, ok: attempt.ok },
  );
  return replayed.length === 0 ? [] : deps.noteReplayed(trx, replayed, deps.now());
}

async function noteConnections(
  deps: RecorderDeps,
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
        ok: attempt.ok,
        isTest: finished.claimed.trigger === "test",
        isOrdered: finished.claimed.connection.isOrdered,
        error: attempt.error,
        finishedAt,
        fingerprint: finished.claimed.connection.endpoint.fingerprint,
        holdsUntil: next.holdsUntil,
        pauses: next.pauses,
      }),
    );
    const connection = await deps.noteAttempts(trx, connectionId, attempts);
    noted.set(connectionId, connection);
    // It was disconnected while these were under way: what would be tried again is cancelled like the rest.
    if (connection?.status === "disconnected") await cancelDeliveries(trx, connectionId, deps.now());
  }
  return noted;
}

/** Lets everybody know who wants to, after the commit. */
function tell(deps: RecorderDeps, judged: readonly Judged[], written: Written): void {
  if (written.leasesLost.length > 0) deps.observer.leasesLost(written.leasesLost.length);
  for (const { finished, attempt, finishedAt, next } of judged) {
    const { claimed } = finished;
    const { connection, event } = claimed;
    deps.noteChange(connection.workspaceId, "delivery", [claimed.id]);
    if (claimed.replayId !== null && written.replays.includes(claimed.replayId)) {
      deps.noteChange(connection.workspaceId, "replay", [claimed.replayId]);
    }
    deps.observer.attempted({
      workspaceId: connection.workspaceId,
      connectionId: connection.id,
      deliveryId: claimed.id,
      eventId: event.id,
      eventType: event.type,
      attemptNumber: claimed.attemptNumber,
      trigger: claimed.trigger,
      result: next.status === "pending" ? "retry" : next.status,
      status: attempt.outcome.kind === "response" ? attempt.outcome.response.status : null,
      errorCode: attempt.error?.code ?? null,
      durationMs: attempt.durationMs,
      sinceAcceptedMs: finishedAt - event.acceptedAt,
    });
  }
  for (const [connectionId, connection] of written.noted) {
    if (connection !== null) deps.noteChange(connection.workspaceId, "connection", [connectionId]);
  }
  if (written.woken.length > 0) deps.wake(written.woken);
}
