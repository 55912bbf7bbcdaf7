import { CommitPacer } from "./commit-pacer.ts";
import { isConflict, isDatabaseUnavailable } from "./database-error.ts";
import type { Database, DatabaseTransaction } from "./open.ts";

/** Can run again after a conflict or a commit with an unknown outcome, so it must have no effect outside the database. */
export type Work<Result> = (trx: DatabaseTransaction) => Promise<Result>;

/**
 * Whether the transaction with this result was committed, looked up by ids that nothing else writes. Called if the
 * connection was cut during COMMIT.
 */
export type IsWritten<Result> = (db: Database, result: Result) => Promise<boolean>;

/** Runs work in a transaction and resolves once it is committed. */
export type Transact = <Result>(work: Work<Result>, isWritten?: IsWritten<Result>) => Promise<Result>;

const TRIES_MAX = 3;

/**
 * Runs each work in its own transaction, again if the database aborted it because of a conflict. If the outcome of a
 * commit is unknown, work without `isWritten` fails, and its caller must find out.
 */
export function createServerTransact(db: Database): Transact {
  return async <Result>(work: Work<Result>, isWritten?: IsWritten<Result>) => {
    for (let tries = 1; ; tries++) {
      let done: { readonly result: Result } | null = null;
      try {
        return await db.transaction().execute(async (trx) => {
          const result = await work(trx);
          done = { result };
          return result;
        });
      } catch (error) {
        if (tries === TRIES_MAX) throw error;
        if (isConflict(error)) continue;
        const ended = done as { readonly result: Result } | null;
        if (ended === null || isWritten === undefined || !isDatabaseUnavailable(error)) throw error;
        if (await isWritten(db, ended.result)) return ended.result;
      }
    }
  };
}

type Waiting = {
  readonly work: Work<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
};

const WORKS_PER_COMMIT_MAX = 50;

/**
 * The embedded database writes one transaction at a time, and each waits for the disk, so concurrent works share one.
 * If one of them fails for a reason of its own, each runs again in a separate transaction, so that it does not affect
 * the others. Savepoints would do the same, but cost every transaction a third more.
 */
export class SharedTransactions {
  readonly #db: Database;
  readonly #pacer = new CommitPacer();
  readonly #waiting: Waiting[] = [];
  #isRunning = false;

  constructor(db: Database) {
    this.#db = db;
  }

  run<Result>(work: Work<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as (result: unknown) => void, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isRunning || this.#waiting.length === 0) return;
    this.#isRunning = true;
    this.#pacer.schedule(() => {
      const startedAt = performance.now();
      void this.#commit(this.#waiting.splice(0, WORKS_PER_COMMIT_MAX)).then(() => {
        this.#pacer.addCommit(performance.now() - startedAt);
        this.#isRunning = false;
        this.#schedule();
      });
    });
  }

  async #commit(works: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.#db.transaction().execute(async (trx) => {
        const results: unknown[] = [];
        for (const { work } of works) results.push(await work(trx));
        return results;
      });
      for (const [index, { resolve }] of works.entries()) resolve(results[index]);
    } catch (error) {
      if (works.length > 1 && !isDatabaseUnavailable(error))
        for (const one of works) await this.#commit([one]);
      else for (const { reject } of works) reject(error);
    }
  }
}
