import { INSPECTOR_REQUESTS_MAX, type InspectorResponse } from "../domain/inspector.ts";

/** A received request that has not been checked yet. */
export type Arrival = {
  readonly id: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly answer: InspectorResponse;
  readonly arrivedAt: number;
  /** The arrival by the wall clock, which signatures use. */
  readonly arrivedAtWall: number;
};

const WORKSPACE_BYTES_MAX = 2 * 1024 * 1024;
const BYTES_MAX = 16 * 1024 * 1024;

type Waiting = { arrivals: Arrival[]; bytes: number };

/**
 * Received requests that are not written yet: the newest of each workspace, and in total so few that a flood does not
 * use up memory. The workspace with the most bytes gives way first, so that a flood in one workspace hides nothing in
 * another.
 */
export class Arrivals {
  readonly #waiting = new Map<string, Waiting>();
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(workspaceId: string, arrival: Arrival): void {
    const waiting = this.#waiting.get(workspaceId) ?? { arrivals: [], bytes: 0 };
    this.#waiting.set(workspaceId, waiting);
    waiting.arrivals.push(arrival);
    waiting.bytes += bytesOf(arrival);
    this.#bytes += bytesOf(arrival);
    // Keeps the newest, however large it is.
    while (waiting.arrivals.length > INSPECTOR_REQUESTS_MAX) this.#dropOldest(waiting);
    while (waiting.bytes > WORKSPACE_BYTES_MAX && waiting.arrivals.length > 1) this.#dropOldest(waiting);
    while (this.#bytes > BYTES_MAX) this.#dropOldest(this.#largest());
  }

  /** Removes and returns the requests of each workspace, oldest first. */
  take(): [workspaceId: string, arrivals: readonly Arrival[]][] {
    const taken = [...this.#waiting].flatMap(([workspaceId, { arrivals }]) =>
      arrivals.length === 0 ? [] : [[workspaceId, arrivals] as [string, readonly Arrival[]]],
    );
    this.#waiting.clear();
    this.#bytes = 0;
    return taken;
  }

  forget(workspaceId: string): void {
    this.#bytes -= this.#waiting.get(workspaceId)?.bytes ?? 0;
    this.#waiting.delete(workspaceId);
  }

  #dropOldest(waiting: Waiting): void {
    const oldest = waiting.arrivals.shift();
    const bytes = oldest === undefined ? waiting.bytes : bytesOf(oldest);
    waiting.bytes -= bytes;
    this.#bytes -= bytes;
  }

  #largest(): Waiting {
    let largest: Waiting = { arrivals: [], bytes: 0 };
    for (const waiting of this.#waiting.values()) if (waiting.bytes > largest.bytes) largest = waiting;
    return largest;
  }
}

/** Maximum size of the body in memory: two bytes per character (ECMA-262, 6.1.4). */
function bytesOf({ body }: Arrival): number {
  return 2 * body.length;
}
