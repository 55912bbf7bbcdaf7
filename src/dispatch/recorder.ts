import { isDatabaseUnavailable } from "../db/database-error.ts";
import type { Store } from "../db/open.ts";
import { WriteQueue } from "../db/write-queue.ts";
import type { UpdatedConnection } from "../domain/attempt-result.ts";
import type { FinishedState } from "../domain/next-delivery-state.ts";
import { announceRecorded, type RecordListeners } from "./announce-recorded.ts";
import { type AttemptWriter, findRecorded, RecordedMeanwhileError, type Written } from "./attempt-writer.ts";
import { type ConnectionResults, ConnectionUpdates } from "./connection-updates.ts";
import type { FinishedAttempt, RecordedAttempt } from "./describe-attempt.ts";
import type { Judge, Judged } from "./judge.ts";

export type Recorded = {
  readonly attempt: RecordedAttempt;
  readonly next: FinishedState;
  /** The connection after this commit; null when nothing about it changed. */
  readonly connection: UpdatedConnection | null;
};

const ATTEMPTS_PER_COMMIT_MAX = 500;
const BYTES_PER_COMMIT_MAX = 4 * 1024 * 1024;
/** Approximate size of an attempt in the database without the response body. */
const BYTES_PER_ATTEMPT = 1024;
const RECORD_AGAIN_MIN_MS = 100;
const RECORD_AGAIN_MAX_MS = 2000;

/** A person watches a test event: the call that waits for its result fails if it could not be recorded. */
const RECORD_TEST_WITHIN_MS = 15_000;
/** How long the database has to come back once the process is stopping. */
const RECORD_WITHIN_STOP_MS = 5000;

/** Longest delay of a record, so that several share a commit: after a crash, the deliveries in it are sent again. */
const PATIENCE_MS = 25;
const COMPANY_ENOUGH = 64;

type RecorderDeps = {
  readonly store: Pick<Store, "db" | "dialect" | "transact">;
  readonly judge: Judge;
  readonly writer: AttemptWriter;
  readonly listeners: RecordListeners;
  readonly now: () => number;
};

/** An attempt to be recorded. Null writes only the postponed connection updates. */
type Item = Judged | null;

/**
 * Records the results of attempts. Attempts that finish at the same time share one commit. An attempt changes its
 * delivery only if that is still pending and no other attempt was recorded since; otherwise only the attempt is stored.
 */
export class Recorder {
  readonly #deps: RecorderDeps;
  readonly #updates = new ConnectionUpdates();
  readonly #queue: WriteQueue<Item, Recorded | null>;
  #isPatient = false;
  /** By the monotonic clock. */
  #stopsAt = Number.POSITIVE_INFINITY;

  constructor(deps: RecorderDeps) {
    this.#deps = deps;
    this.#queue = new WriteQueue((items) => this.#commitItems(items), {
      itemsMax: ATTEMPTS_PER_COMMIT_MAX,
      bytesMax: BYTES_PER_COMMIT_MAX,
      bytesOf: (item) => (item === null ? 0 : bytesOf(item)),
      ownerOf: (item) => item?.finished.delivery.connection.workspaceId ?? "",
      // One plan of connection updates must be committed before the next is created.
      commitsMax: 1,
      gathers: deps.store.dialect === "postgres",
      patience: {
        ms: PATIENCE_MS,
        enough: COMPANY_ENOUGH,
        isUrgent: (item) => !this.#isPatient || isUrgent(item),
      },
    });
  }

  /** Resolves once the attempt, the delivery's new state and the connection's health are committed. */
  async record(finished: FinishedAttempt): Promise<Recorded> {
    const { judge } = this.#deps;
    const isTest = finished.delivery.trigger === "test";
    const giveUpAt = isTest ? performance.now() + RECORD_TEST_WITHIN_MS : Number.POSITIVE_INFINITY;
    let judged = judge.judge(finished);
    for (let waitMs = RECORD_AGAIN_MIN_MS; ; waitMs = Math.min(2 * waitMs, RECORD_AGAIN_MAX_MS)) {
      try {
        const recorded = await this.#queue.add(judged);
        if (recorded === null) throw new Error("an attempt was recorded without a result");
        return recorded;
      } catch (error) {
        // The receiver has the event, so waiting for the database is better than sending it again.
        if (performance.now() + waitMs >= Math.min(giveUpAt, this.#stopsAt)) throw error;
        if (isDatabaseUnavailable(error)) {
          await new Promise((resolve) => setTimeout(resolve, waitMs));
        } else {
          if (judged.isFault) throw error;
          judged = judge.judgeFault(finished, error);
        }
      }
    }
  }

  /** Writes the postponed connection updates, which otherwise wait for the next attempts. */
  async flush(writeAll: boolean): Promise<void> {
    if (!this.#updates.hasUnwritten) return;
    await this.#queue.add(null);
    if (writeAll && this.#updates.hasUnwritten) await this.#commit([], true);
  }

  /** From now on, results that no one waits for are batched. */
  start(): void {
    this.#isPatient = true;
  }

  /** From now on, the database has only seconds to come back. */
  stop(): void {
    this.#isPatient = false;
    this.#stopsAt = performance.now() + RECORD_WITHIN_STOP_MS;
  }

  idle(): Promise<void> {
    return this.#queue.idle();
  }

  async #commitItems(items: readonly Item[]): Promise<readonly (Recorded | null)[]> {
    const written = await this.#commitNew(items.filter((item) => item !== null));
    return items.map((item) => {
      if (item === null) return null;
      const { attempt, next, finished } = item;
      return { attempt, next, connection: written.updated.get(finished.delivery.connection.id) ?? null };
    });
  }

  /** Records the attempts that are not recorded yet: an earlier commit with an unknown outcome may have succeeded. */
  async #commitNew(judged: readonly Judged[]): Promise<Written> {
    try {
      return await this.#commit(judged, false);
    } catch (error) {
      if (!(error instanceof RecordedMeanwhileError)) throw error;
      const recorded = new Set(error.deliveryIds);
      return this.#commitNew(judged.filter(({ finished }) => !recorded.has(finished.delivery.id)));
    }
  }

  async #commit(judged: readonly Judged[], writeAll: boolean): Promise<Written> {
    const { store, writer, listeners, now } = this.#deps;
    const startedAt = performance.now();
    const plan = this.#updates.plan(resultsByConnection(judged), now(), writeAll);
    const written = await store.transact(
      (trx) => writer.write(trx, judged, plan),
      async (db) => (await findRecorded(db, judged.slice(0, 1))).size === Math.min(1, judged.length),
    );
    this.#updates.committed(
      plan,
      new Map([...written.updated].map(([id, connection]) => [id, isSteady(connection)])),
      written.noLongerSteady,
    );
    listeners.observer.committed("record", judged.length, performance.now() - startedAt);
    announceRecorded(listeners, judged, written);
    return written;
  }
}

function bytesOf({ attempt: { outcome } }: Judged): number {
  return BYTES_PER_ATTEMPT + (outcome.kind === "response" ? Buffer.byteLength(outcome.response.body) : 0);
}

/** Whether a person or the next deliveries of the connection wait for this result. */
function isUrgent(item: Item): boolean {
  if (item === null) return true;
  const { finished, attempt } = item;
  const { trigger, connection } = finished.delivery;
  return !attempt.ok || trigger !== "schedule" || connection.isOrdered || connection.hasRateLimit;
}

function isSteady(connection: UpdatedConnection | null): boolean {
  return connection?.isSteady === true;
}

function resultsByConnection(judged: readonly Judged[]): ConnectionResults[] {
  const byConnection = Map.groupBy(judged, ({ finished }) => finished.delivery.connection.id);
  return [...byConnection].map(([connectionId, attempts]) => {
    return {
      connectionId,
      isNotable: attempts.some(
        ({ finished, attempt }) => !attempt.ok || finished.delivery.trigger === "test",
      ),
      lastFinishedAt: attempts.at(-1)?.finishedAt ?? 0,
    };
  });
}
