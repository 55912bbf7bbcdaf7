import { CommitPacer } from "./commit-pacer.ts";
import { isConflict, isDatabaseUnavailable } from "./database-error.ts";
import type { Database, DatabaseTransaction } from "./open.ts";

/** May run again after a conflict or a commit whose outcome is unknown, so it must have no effect but on the database. */
export type Work<Result> = (trx: DatabaseTransaction) => Promise<Result>;

/**
 * Whether the transaction that came to this result was committed, looked up by ids that no one else writes. Asked when the
 * connection was cut during COMMIT.
 */
export type IsWritten<Result> = (db: Database, result: Result) => Promise<boolean>;

/** Runs work in a transaction and resolves once it is committed. */
export type Transact = <Result>(work: Work<Result>, isWritten?: IsWritten<Result>) => Promise<Result>;

const TRIES_MAX = 3;

/**
 * A transaction of its own for each work. One that the database gave up because it and another waited for each other runs
 * again. Work without a lookup fails when the outcome of its commit is unknown; it is then for its caller to find out.
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
 * The embedded database writes one transaction at a time, and each waits for the disk: works that come at the same time
 * share one. Should one of them fail for a fault of ours, each runs again in a transaction of its own, so that it takes
 * nothing of the others with it. A savepoint for each would do so too, and costs every transaction a third more.
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
        this.#pacer.noteCommit(performance.now() - startedAt);
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
