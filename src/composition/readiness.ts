import { SchemaCheck } from "../db/check-schema.ts";
import type { Store } from "../db/open.ts";
import type { EngineHealth, WorkKind } from "../dispatch/engine-health.ts";

const SENTENCES: Record<WorkKind, string> = {
  heartbeat: "The delivery worker cannot renew its heartbeat in the database.",
  poll: "The queues cannot be read.",
  claim: "Queues cannot be read.",
  record: "Attempts cannot be recorded.",
  accept: "Events cannot be stored.",
};
const UNREACHABLE = "The database is unreachable.";
/** Anyone can call the endpoint, so the database is queried at most this often. */
const CACHED_MS = 1000;
/** Load balancers do not wait longer. */
const DEADLINE_MS = 3000;

type ReadinessDeps = {
  readonly store: Pick<Store, "db" | "dialect">;
  readonly health: Pick<EngineHealth, "failing">;
};

/** Reports whether this process can do its work, from the results of that work and a check of the database. */
export class Readiness {
  readonly #health: ReadinessDeps["health"];
  readonly #schema: SchemaCheck;
  #looking: Promise<readonly string[]> | null = null;
  #cached: { readonly faults: readonly string[]; readonly until: number } | null = null;

  constructor({ store, health }: ReadinessDeps) {
    this.#health = health;
    this.#schema = new SchemaCheck(store);
  }

  /** One sentence for each failing part; empty when there is none. */
  async findFaults(): Promise<readonly string[]> {
    const faults = await this.#databaseFaults();
    return [...faults, ...this.#health.failing().map((kind) => SENTENCES[kind])];
  }

  async #databaseFaults(): Promise<readonly string[]> {
    if (this.#cached !== null && performance.now() < this.#cached.until) return this.#cached.faults;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<readonly string[]>((resolve) => {
      timer = setTimeout(resolve, DEADLINE_MS, [UNREACHABLE]);
    });
    return Promise.race([this.#looking, late]).finally(() => clearTimeout(timer));
  }

  async #look(): Promise<readonly string[]> {
    const faults = await this.#schema.findFaults().catch(() => [UNREACHABLE]);
    this.#cached = { faults, until: performance.now() + CACHED_MS };
    return faults;
  }
}
