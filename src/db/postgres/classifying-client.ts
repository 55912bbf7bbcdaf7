import pg from "pg";
import { DatabaseError } from "../database-error.ts";
import { classifyPostgresError } from "./classify-error.ts";
import { isNameFault, type StatementNames } from "./statement-names.ts";

/** in_failed_sql_transaction (PostgreSQL, appendix A). */
const IN_FAILED_TRANSACTION = "25P02";

type ClassifyingClientDeps = {
  readonly client: pg.PoolClient;
  readonly names: StatementNames;
  readonly onNameFault: () => void;
  readonly beginStatement: () => string;
};

/**
 * A pooled connection whose errors are classified. After an error that did not come from the server it accepts no more
 * queries.
 */
export class ClassifyingClient {
  readonly #deps: ClassifyingClientDeps;
  readonly #client: pg.PoolClient;
  #broken: DatabaseError | null = null;

  constructor(deps: ClassifyingClientDeps) {
    this.#deps = deps;
    this.#client = deps.client;
  }

  get processID(): unknown {
    return (this.#client as pg.PoolClient & { readonly processID?: number }).processID;
  }

  async query(text: string, values: readonly unknown[]): Promise<unknown> {
    // The response of an earlier query may still arrive, and would be taken for the response of this one.
    if (this.#broken !== null) throw this.#broken;
    const statement = { text, values: values as unknown[] };
    const name = values.length === 0 ? undefined : this.#deps.names.of(text);
    try {
      if (text === "begin") return await this.#begin();
      return await this.#client.query(name === undefined ? statement : { ...statement, name });
    } catch (error) {
      if (isNameFault(error)) {
        this.#deps.onNameFault();
        return await this.#runUnnamed(statement);
      }
      const classed = classifyPostgresError(error);
      const isConnectionLost = !(error instanceof pg.DatabaseError) && classed instanceof DatabaseError;
      if (isConnectionLost) this.#broken = classed;
      throw classed;
    }
  }

  async #begin(): Promise<unknown> {
    const results: unknown = await this.#client.query(this.#deps.beginStatement());
    return Array.isArray(results) ? results[0] : results;
  }

  /**
   * Outside a transaction the statement can run again; inside one, the transaction has failed and must run again as a
   * whole.
   */
  async #runUnnamed(statement: { readonly text: string; readonly values: unknown[] }): Promise<unknown> {
    try {
      return await this.#client.query(statement);
    } catch (error) {
      const isTransactionFailed = error instanceof pg.DatabaseError && error.code === IN_FAILED_TRANSACTION;
      throw isTransactionFailed ? new DatabaseError("conflict", error) : classifyPostgresError(error);
    }
  }

  release(destroy?: boolean): void {
    this.#client.release(destroy === true || this.#broken !== null);
  }
}
