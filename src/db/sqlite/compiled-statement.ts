import type { SQLInputValue, StatementSync } from "node:sqlite";

/** A statement that stays compiled. @throws {DatabaseError} for whatever SQLite refuses. */
export class CompiledStatement {
  readonly #statement: StatementSync;
  readonly #classify: (error: unknown) => unknown;

  /** `classify` turns what SQLite throws into a {DatabaseError}. */
  constructor(statement: StatementSync, classify: (error: unknown) => unknown) {
    this.#statement = statement;
    this.#classify = classify;
  }

  get isReader(): boolean {
    return this.#statement.columns().length > 0;
  }

  run(...values: SQLInputValue[]) {
    try {
      return this.#statement.run(...values);
    } catch (error) {
      throw this.#classify(error);
    }
  }

  get(...values: SQLInputValue[]) {
    try {
      return this.#statement.get(...values);
    } catch (error) {
      throw this.#classify(error);
    }
  }

  all(...values: SQLInputValue[]) {
    try {
      return this.#statement.all(...values);
    } catch (error) {
      throw this.#classify(error);
    }
  }

  iterate(...values: SQLInputValue[]) {
    return this.#statement.iterate(...values);
  }
}

/** Compiles a statement, or returns the compiled one. */
export type Prepare = (sql: string) => CompiledStatement;
