import type pg from "pg";
import { isDirect, OWN_SESSIONS, type Pooler, probePooler } from "./pooler.ts";

/** Detects a pooler once, with the first connection. */
export class PoolerCheck {
  readonly #url: string;
  readonly #onPooler: (pooler: Pooler) => void;
  #finding: Promise<Pooler> | null = null;
  #found: Pooler = OWN_SESSIONS;

  constructor(url: string, onPooler: (pooler: Pooler) => void) {
    this.#url = url;
    this.#onPooler = onPooler;
  }

  get found(): Pooler {
    return this.#found;
  }

  /** @throws when the database does not respond; the next connection tries again. */
  run(client: pg.ClientBase): Promise<Pooler> {
    this.#finding ??= this.#find(client).catch((error: unknown) => {
      this.#finding = null;
      throw error;
    });
    return this.#finding;
  }

  /** Called when a named statement was missing, or existed already. */
  reportNameFault(): void {
    if (!this.#found.keepsNames) return;
    this.#found = { isPerTransaction: true, keepsNames: false };
    this.#onPooler(this.#found);
  }

  async #find(client: pg.ClientBase): Promise<Pooler> {
    if (!(await isDirect(client))) this.#found = await probePooler(this.#url);
    if (this.#found.isPerTransaction) this.#onPooler(this.#found);
    return this.#found;
  }
}
