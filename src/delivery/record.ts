import { faultOf } from "../core/fault-of.ts";
import { type FinishedState, nextDeliveryState } from "../core/next-delivery-state.ts";
import type { NotedConnection } from "../core/noted-attempt.ts";
import { isDatabaseUnavailable } from "../store/database-error.ts";
import { newId } from "../store/new-id.ts";
import type { Database, DatabaseTransaction } from "../store/open.ts";
import { WriteQueue } from "../store/write-queue.ts";
import { ATTEMPT_COLUMNS, attemptRow } from "./attempt-row.ts";
import { cancelDeliveries } from "./cancel.ts";
import { type ConnectionNews, createConnectionNotes, type NotePlan } from "./connection-notes.ts";
import type { DeliveryDeps } from "./deps.ts";
import { describeAttempt, type FinishedAttempt, type RecordedAttempt } from "./describe-attempt.ts";
import { internalError } from "./internal-error.ts";
import { unsigned } from "./sign.ts";
import { acceptSystemEvents } from "./system-events.ts";
import { tellSystemEvents } from "./tell-system-events.ts";

/** A finished attempt with what follows from it, and the id it is kept under: however often it is written, it is one. */
export type Judged = {
  readonly id: string;
  /** What it was cannot be kept: see `judgeFault`. */
  readonly isFault: boolean;
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

const ATTEMPTS_PER_COMMIT_MAX = 500;
const BYTES_PER_COMMIT_MAX = 4 * 1024 * 1024;
const RECORD_AGAIN_MIN_MS = 100;
const RECORD_AGAIN_MAX_MS = 2000;

type RecorderDeps = Pick<
  DeliveryDeps,
  | "db"
  | "hot"
  | "dialect"
  | "transact"
  | "routing"
  | "workerId"
  | "now"
  | "wallNow"
  | "random"
  | "connectorFor"
  | "noteAttempts"
  | "noteReplayed"
  | "noteChange"
  | "observer"
  | "onFault"
> & { readonly wake: (connectionIds: readonly string[]) => void };

type Written = {
  readonly noted: ReadonlyMap<string, NotedConnection | null>;
  readonly noLongerSteady: readonly string[];
  readonly leasesLost: readonly string[];
  readonly woken: readonly string[];
  readonly replays: readonly string[];
};

/** An earlier run of the same commit was not lost after all. */
class RecordedMeanwhileError extends Error {
  override readonly name = "RecordedMeanwhileError";
  readonly ids: readonly string[];

  constructor(ids: readonly string[]) {
    super("attempts were recorded by an earlier run of their commit");
    this.ids = ids;
  }
}

/** What waits to be recorded; `mayBeWritten` once a commit with it has failed. Null only writes what notes have gathered. */
type Item = { readonly judged: Judged; readonly mayBeWritten: boolean } | null;

/**
 * Writes what attempts came to. Attempts that finish at the same time share one commit. Only the holder of the lease
 * moves a delivery: if another took it over meanwhile, the attempt is still kept, the state is theirs.
 */
export function createRecorder(deps: RecorderDeps): Recorder {
  const notes = createConnectionNotes();

  const commit = async (judged: readonly Judged[], writeAll: boolean): Promise<Written> => {
    const startedAt = performance.now();
    const plan = notes.plan(readNews(judged), deps.now(), writeAll);
    const written = await deps.transact(
      (trx) => write(deps, trx, judged, plan),
      async (db) => (await findRecorded(db, judged.slice(0, 1))).size === Math.min(1, judged.length),
    );
    plan.commit(
      new Map([...written.noted].map(([id, noted]) => [id, isSteady(noted)])),
      written.noLongerSteady,
    );
    deps.observer.committed("record", judged.length, performance.now() - startedAt);
    tell(deps, judged, written);
    return written;
  };

  /** Records those that are not recorded yet; the others were by an earlier run whose outcome was not known. */
  const commitNew = async (judged: readonly Judged[], recorded: ReadonlySet<string>): Promise<Written> => {
    const open = judged.filter(({ id }) => !recorded.has(id));
    try {
      return await commit(open, false);
    } catch (error) {
      if (!(error instanceof RecordedMeanwhileError)) throw error;
      return commitNew(open, new Set(error.ids));
    }
  };

  const queue = new WriteQueue<Item, Recorded | null>(
    async (items) => {
      const judged = items.flatMap((item) => item?.judged ?? []);
      const doubtful = items.flatMap((item) => (item?.mayBeWritten === true ? [item.judged] : []));
      const written = await commitNew(judged, await findRecorded(deps.db, doubtful));
      return items.map((item) => {
        if (item === null) return null;
        const { attempt, next, finished } = item.judged;
        return { attempt, next, connection: written.noted.get(finished.claimed.connection.id) ?? null };
      });
    },
    {
      itemsMax: ATTEMPTS_PER_COMMIT_MAX,
      bytesMax: BYTES_PER_COMMIT_MAX,
      bytesOf: (item) => (item === null ? 0 : responseBytes(item.judged)),
      ownerOf: (item) => item?.judged.finished.claimed.connection.workspaceId ?? "",
      commitsMax: 1,
      gathers: deps.dialect === "postgres",
    },
  );

  return {
    record: async (finished) => {
      let judged = judgeSafely(deps, finished);
      let mayBeWritten = false;
      for (let waitMs = RECORD_AGAIN_MIN_MS; ; waitMs = Math.min(2 * waitMs, RECORD_AGAIN_MAX_MS)) {
        try {
          const recorded = await queue.add({ judged, mayBeWritten });
          if (recorded === null) throw new Error("an attempt was recorded without a result");
          return recorded;
        } catch (error) {
          // The receiver has it. As long as the lease is valid, it is worth waiting for the database: else it is sent again.
          const isValid = deps.now() + waitMs < finished.claimed.leaseExpiresAt;
          if (!isValid || judged.isFault) throw error;
          if (!isDatabaseUnavailable(error)) {
            deps.onFault(error, finished.claimed);
            judged = judgeFault(deps, finished);
            continue;
          }
          mayBeWritten = true;
          await new Promise((resolve) => setTimeout(resolve, waitMs));
        }
      }
    },
    flush: async (writeAll) => {
      if (!notes.hasUnwritten()) return;
      // In line with the others, since one plan must be committed before the next is made.
      await queue.add(null);
      if (writeAll && notes.hasUnwritten()) await commit([], true);
    },
    idle: () => queue.idle(),
  };
}

/** Those of these attempts that are recorded, by id. */
async function findRecorded(db: Database, judged: readonly Judged[]): Promise<ReadonlySet<string>> {
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

/** About what an attempt takes in the database. */
function responseBytes({ attempt }: Judged): number {
  const { outcome, request } = attempt;
  const response = outcome.kind === "response" ? Buffer.byteLength(outcome.response.body) : 0;
  return response + JSON.stringify(request.headers).length;
}

function isSteady(noted: NotedConnection | null): boolean {
  return noted?.isSteady === true;
}

function judgeSafely(deps: RecorderDeps, finished: FinishedAttempt): Judged {
  try {
    return judge(deps, finished, false);
  } catch (error) {
    deps.onFault(error, finished.claimed);
    return judgeFault(deps, finished);
  }
}

/** For an attempt that cannot be described or stored as it was: it counts as failed, and none of its content is kept. */
function judgeFault(deps: RecorderDeps, { claimed, signed, outcome }: FinishedAttempt): Judged {
  const failed = internalError(outcome.timings.total);
  return judge(deps, { claimed, signed: unsigned(claimed, signed.startedAt), outcome: failed }, true);
}

function judge(deps: RecorderDeps, finished: FinishedAttempt, isFault: boolean): Judged {
  const finishedAt = deps.now();
  const attempt = describeAttempt(deps, finished);
  const { claimed } = finished;
  const next = nextDeliveryState({
    ok: attempt.ok,
    status: attempt.outcome.kind === "response" ? attempt.outcome.response.status : null,
    trigger: claimed.trigger,
    attemptNumber: claimed.attemptNumber,
    dueAt: claimed.dueAt,
    isOrdered: claimed.connection.isOrdered,
    retryAfterSeconds: attempt.retryAfterSeconds,
    finishedAt,
    random: deps.random(),
  });
  return { id: newId(), isFault, finished, attempt, finishedAt, next };
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
