import { hash } from "node:crypto";
import pg from "pg";

/** Runs of a text before it gets a name: rare statements are not worth remembering. */
const RUNS_BEFORE = 3;
/** Each server connection keeps a plan for each name. */
const NAMES_MAX = 200;
const TEXTS_MAX = 2000;

/**
 * invalid_sql_statement_name, duplicate_prepared_statement: the session did not prepare this name, or had it prepared
 * before.
 */
const NAME_FAULTS = new Set(["26000", "42P05"]);

export function isNameFault(error: unknown): boolean {
  return error instanceof pg.DatabaseError && NAME_FAULTS.has(error.code ?? "");
}

/**
 * Names for repeated statements, so that the server plans each once per connection (PostgreSQL, "Extended Query"). A
 * name is derived from the text, so it means the same for every client that prepares it. Names are off behind a pooler
 * in transaction mode that does not track prepared statements.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();
  readonly #runs = new Map<string, number>();
  #isOff = false;

  /** Undefined for a statement that is planned each time. */
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

  /** From now on no statement gets a name. */
  turnOff(): void {
    this.#isOff = true;
  }
}
