import { processTurns } from "../db/turns.ts";
import { Deadlines } from "../http-client/deadlines.ts";
import { type Arrival, Arrivals } from "./arrivals.ts";

/** A flood is written this often; a lone request immediately. */
const WRITE_EVERY_MS = 250;

export type KeepArrivals = (workspaceId: string, arrivals: readonly Arrival[]) => Promise<void>;

/** Gathers the requests that come and keeps them a little later, the workspaces in turns. */
export class ArrivalWriter {
  readonly #keep: KeepArrivals;
  readonly #onError: (error: unknown) => void;
  readonly #arrivals = new Arrivals();
  readonly #pauses = new Deadlines(WRITE_EVERY_MS);
  #writing: Promise<void> | null = null;
  #isPausing = false;

  constructor(keep: KeepArrivals, onError: (error: unknown) => void) {
    this.#keep = keep;
    this.#onError = onError;
  }

  add(workspaceId: string, arrival: Arrival): void {
    this.#arrivals.add(workspaceId, arrival);
    this.#writeSoon();
  }

  /** Drops what has come of a workspace and is not written yet. */
  forget(workspaceId: string): void {
    this.#arrivals.forget(workspaceId);
  }

  /** Resolves when everything that has come is written. */
  async idle(): Promise<void> {
    while (this.#writing !== null || !this.#arrivals.isEmpty) await (this.#writing ?? this.#write());
  }

  /** Writes what has come. */
  async close(): Promise<void> {
    this.#pauses.close();
    this.#isPausing = true;
    await this.idle();
  }

  #writeSoon(): void {
    if (this.#writing !== null || this.#isPausing || this.#arrivals.isEmpty) return;
    this.#isPausing = true;
    this.#pauses.start({
      expire: () => {
        this.#isPausing = false;
        this.#writeSoon();
      },
    });
    this.#writing = this.#write().finally(() => {
      this.#writing = null;
      this.#writeSoon();
    });
  }

  async #write(): Promise<void> {
    for (const [workspaceId, arrived] of this.#arrivals.take()) {
      await processTurns.next(workspaceId);
      await this.#keep(workspaceId, arrived).catch(this.#onError);
    }
  }
}
