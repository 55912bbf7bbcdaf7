import { processTurns } from "../db/turns.ts";
import { Deadlines } from "../http-client/deadlines.ts";
import { type Arrival, Arrivals } from "./arrivals.ts";

/** During a flood requests are written this often; a lone request is written immediately. */
const WRITE_EVERY_MS = 250;

export type StoreArrivals = (workspaceId: string, arrivals: readonly Arrival[]) => Promise<void>;

/** Collects incoming requests and writes them a little later, taking turns between workspaces. */
export class ArrivalWriter {
  readonly #store: StoreArrivals;
  readonly #onError: (error: unknown) => void;
  readonly #arrivals = new Arrivals();
  readonly #pauses = new Deadlines(WRITE_EVERY_MS);
  #writing: Promise<void> | null = null;
  #isPausing = false;

  constructor(store: StoreArrivals, onError: (error: unknown) => void) {
    this.#store = store;
    this.#onError = onError;
  }

  add(workspaceId: string, arrival: Arrival): void {
    this.#arrivals.add(workspaceId, arrival);
    this.#scheduleWrite();
  }

  /** Drops the requests of a workspace that are not written yet. */
  forget(workspaceId: string): void {
    this.#arrivals.forget(workspaceId);
  }

  /** Resolves when all received requests are written. */
  async idle(): Promise<void> {
    while (this.#writing !== null || !this.#arrivals.isEmpty) await (this.#writing ?? this.#write());
  }

  /** Writes all received requests. */
  async close(): Promise<void> {
    this.#pauses.close();
    this.#isPausing = true;
    await this.idle();
  }

  #scheduleWrite(): void {
    if (this.#writing !== null || this.#isPausing || this.#arrivals.isEmpty) return;
    this.#isPausing = true;
    this.#pauses.start({
      expire: () => {
        this.#isPausing = false;
        this.#scheduleWrite();
      },
    });
    this.#writing = this.#write().finally(() => {
      this.#writing = null;
      this.#scheduleWrite();
    });
  }

  async #write(): Promise<void> {
    for (const [workspaceId, arrived] of this.#arrivals.take()) {
      await processTurns.next(workspaceId);
      await this.#store(workspaceId, arrived).catch(this.#onError);
    }
  }
}
