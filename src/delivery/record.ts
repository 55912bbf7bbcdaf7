import type { FinishedState } from "../core/next-delivery-state.ts";
import type { NotedConnection } from "../core/noted-attempt.ts";
import { isDatabaseUnavailable } from "../store/database-error.ts";
import { WriteQueue } from "../store/write-queue.ts";
import { type ConnectionNews, createConnectionNotes } from "./connection-notes.ts";
import type { DeliveryDeps } from "./deps.ts";
import type { FinishedAttempt, RecordedAttempt } from "./describe-attempt.ts";
import { type Judged, judge, judgeFault } from "./judge.ts";
import { findRecorded, RecordedMeanwhileError, type Written, writeAttempts } from "./record-commit.ts";

export type Recorded = {
  readonly attempt: RecordedAttempt;
  readonly next: FinishedState;
  /** The connection as this commit left it; null when nothing about it changed. */
  readonly connection: NotedConnection | null;
};

const ATTEMPTS_PER_COMMIT_MAX = 500;
const BYTES_PER_COMMIT_MAX = 4 * 1024 * 1024;
/** About what an attempt takes in the database besides the response's body. */
const BYTES_PER_ATTEMPT = 1024;
const RECORD_AGAIN_MIN_MS = 100;
const RECORD_AGAIN_MAX_MS = 2000;

type RecorderDeps = DeliveryDeps & { readonly wake: (connectionIds: readonly string[]) => void };

/** What waits to be recorded; `mayBeWritten` once a commit with it has failed. Null only writes what notes have gathered. */
type Item = { readonly judged: Judged; readonly mayBeWritten: boolean } | null;

/**
 * Writes what attempts came to. Attempts that finish at the same time share one commit. Only the holder of the lease
 * moves a delivery: if another took it over meanwhile, the attempt is still kept, the state is theirs.
 */
export class Recorder {
  readonly #deps: RecorderDeps;
  readonly #notes = createConnectionNotes();
  readonly #queue: WriteQueue<Item, Recorded | null>;

  constructor(deps: RecorderDeps) {
    this.#deps = deps;
    this.#queue = new WriteQueue((items) => this.#commitItems(items), {
      itemsMax: ATTEMPTS_PER_COMMIT_MAX,
      bytesMax: BYTES_PER_COMMIT_MAX,
      bytesOf: (item) => (item === null ? 0 : bytesOf(item.judged)),
      ownerOf: (item) => item?.judged.finished.claimed.connection.workspaceId ?? "",
      // One plan of what to note of connections must be committed before the next is made.
      commitsMax: 1,
      gathers: deps.dialect === "postgres",
    });
  }

  /** Resolves once the attempt, the delivery's new state and the connection's health are committed. */
  async record(finished: FinishedAttempt): Promise<Recorded> {
    const { now, onFault } = this.#deps;
    let judged = judge(this.#deps, finished);
    let mayBeWritten = false;
    for (let waitMs = RECORD_AGAIN_MIN_MS; ; waitMs = Math.min(2 * waitMs, RECORD_AGAIN_MAX_MS)) {
      try {
        const recorded = await this.#queue.add({ judged, mayBeWritten });
        if (recorded === null) throw new Error("an attempt was recorded without a result");
        return recorded;
      } catch (error) {
        // The receiver has it. As long as the lease is valid, it is worth waiting for the database: else it is sent again.
        if (now() + waitMs >= finished.claimed.leaseExpiresAt) throw error;
        if (isDatabaseUnavailable(error)) {
          mayBeWritten = true;
          await new Promise((resolve) => setTimeout(resolve, waitMs));
        } else {
          if (judged.isFault) throw error;
          onFault(error, finished.claimed);
          judged = judgeFault(this.#deps, finished);
        }
      }
    }
  }

  /** Writes what is otherwise written with the next attempts. */
  async flush(writeAll: boolean): Promise<void> {
    if (!this.#notes.hasUnwritten()) return;
    await this.#queue.add(null);
    if (writeAll && this.#notes.hasUnwritten()) await this.#commit([], true);
  }

  idle(): Promise<void> {
    return this.#queue.idle();
  }

  async #commitItems(items: readonly Item[]): Promise<readonly (Recorded | null)[]> {
    const judged = items.flatMap((item) => item?.judged ?? []);
    const doubtful = items.flatMap((item) => (item?.mayBeWritten === true ? [item.judged] : []));
    const written = await this.#commitNew(judged, await findRecorded(this.#deps.db, doubtful));
    return items.map((item) => {
      if (item === null) return null;
      const { attempt, next, finished } = item.judged;
      return { attempt, next, connection: written.noted.get(finished.claimed.connection.id) ?? null };
    });
  }

  /** Records those that are not recorded yet; the others were by an earlier run whose outcome was not known. */
  async #commitNew(judged: readonly Judged[], recorded: ReadonlySet<string>): Promise<Written> {
    const open = judged.filter(({ id }) => !recorded.has(id));
    try {
      return await this.#commit(open, false);
    } catch (error) {
      if (!(error instanceof RecordedMeanwhileError)) throw error;
      return this.#commitNew(open, new Set(error.ids));
    }
  }

  async #commit(judged: readonly Judged[], writeAll: boolean): Promise<Written> {
    const { transact, now, observer } = this.#deps;
    const startedAt = performance.now();
    const plan = this.#notes.plan(readNews(judged), now(), writeAll);
    const written = await transact(
      (trx) => writeAttempts(this.#deps, trx, judged, plan),
      async (db) => (await findRecorded(db, judged.slice(0, 1))).size === Math.min(1, judged.length),
    );
    plan.commit(
      new Map([...written.noted].map(([id, noted]) => [id, isSteady(noted)])),
      written.noLongerSteady,
    );
    observer.committed("record", judged.length, performance.now() - startedAt);
    tell(this.#deps, judged, written);
    return written;
  }
}

function bytesOf({ attempt: { outcome } }: Judged): number {
  return BYTES_PER_ATTEMPT + (outcome.kind === "response" ? Buffer.byteLength(outcome.response.body) : 0);
}

function isSteady(noted: NotedConnection | null): boolean {
  return noted?.isSteady === true;
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
