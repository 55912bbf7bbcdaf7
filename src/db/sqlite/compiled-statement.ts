import type { SQLInputValue, StatementSync } from "node:sqlite";
import { classifySqliteError } from "./classify-error.ts";

/** A statement that stays compiled. @throws {DatabaseError} for whatever SQLite refuses. */
export class CompiledStatement {
  readonly #statement: StatementSync;

  constructor(statement: StatementSync) {
    this.#statement = statement;
  }

  get isReader(): boolean {
    return this.#statement.columns().length > 0;
  }

  run(...values: SQLInputValue[]) {
    try {
      return this.#statement.run(...values);
    } catch (error) {
      throw classifySqliteError(error);
    }
  }

  get(...values: SQLInputValue[]) {
    try {
      return this.#statement.get(...values);
    } catch (error) {
      throw classifySqliteError(error);
    }
  }

  all(...values: SQLInputValue[]) {
    try {
      return this.#statement.all(...values);
    } catch (error) {
      throw classifySqliteError(error);
    }
  }

  iterate(...values: SQLInputValue[]) {
    return this.#statement.iterate(...values);
  }
}

/** Compiles a statement, or returns the one compiled before. */
export type Prepare = (sql: string) => CompiledStatement;
