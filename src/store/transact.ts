import { createGroupCommit } from "./group-commit.ts";
import type { Database, DatabaseTransaction, Dialect } from "./open.ts";

/**
 * Runs work in a transaction and resolves once it is committed. Work that comes at the same time may share a commit.
 * If that commit fails each work runs again in a transaction of its own, so it must have no effect but on the database.
 */
export type Transact = <Result>(work: (trx: DatabaseTransaction) => Promise<Result>) => Promise<Result>;

const WORKS_A_COMMIT_MAX = 50;

/**
 * The embedded database writes one transaction at a time, and each waits for the disk: accepting, claiming and
 * recording share theirs. PostgreSQL commits several side by side, so there each work has its own.
 */
export function createTransact(db: Database, dialect: Dialect): Transact {
  if (dialect === "postgres") return (work) => db.transaction().execute(work);
  type Work = (trx: DatabaseTransaction) => Promise<unknown>;
  const group = createGroupCommit<Work, unknown>(
    (works) =>
      db.transaction().execute(async (trx) => {
        const results: unknown[] = [];
        for (const work of works) results.push(await work(trx));
        return results;
      }),
    { itemsMax: WORKS_A_COMMIT_MAX, commitsAtOnce: 1, restsWhenBusy: true },
  );
  return async <Result>(work: (trx: DatabaseTransaction) => Promise<Result>) =>
    (await group.add(work)) as Result;
}
