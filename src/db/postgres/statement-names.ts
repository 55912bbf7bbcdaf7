import { hash } from "node:crypto";
import pg from "pg";

/** Runs of a text before it gets a name: what runs once or twice is not worth remembering. */
const RUNS_BEFORE = 3;
/** Each connection of the server keeps a plan for each name. */
const NAMES_MAX = 200;
const TEXTS_MAX = 2000;

/** invalid_sql_statement_name, duplicate_prepared_statement: the connection behind a name is not the one that prepared it. */
const NAME_FAULTS = new Set(["26000", "42P05"]);

export function isNameFault(error: unknown): boolean {
  return error instanceof pg.DatabaseError && NAME_FAULTS.has(error.code ?? "");
}

/**
 * Names for the statements that run again and again, so that the server plans each once a connection (PostgreSQL,
 * "Extended Query"). A name follows from its text: anyone who prepared it meant the same. Behind a pooler that gives a
 * transaction any connection, and does not know of prepared statements, none has a name.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();
  readonly #runs = new Map<string, number>();
  #isOff = false;

  /** Undefined for a statement that is to be planned each time. */
  of(text: string): string | undefined {
    if (this.#isOff) return undefined;
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    if (this.#names.size >= NAMES_MAX) return undefined;
    const runs = (this.#runs.get(text) ?? 0) + 1;
    if (runs < RUNS_BEFORE) {
      if (this.#runs.size >= TEXTS_MAX) this.#runs.clear();
      this.#runs.set(text, runs);
      return undefined;
    }
    this.#runs.delete(text);
    const name = `os_${hash("sha256", text, "hex").slice(0, 24)}`;
    this.#names.set(text, name);
    return name;
  }

  /** From now on no statement has a name. */
  turnOff(): void {
    this.#isOff = true;
  }
}
