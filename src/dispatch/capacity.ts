/** Requests under way in this process. */
const IN_FLIGHT_MAX = 1024;
/** Payload held in memory. */
const HELD_BYTES_MAX = 64 * 1024 * 1024;
/** A workspace may have this part of what the others leave: however many are hostile, there is a place for one more. */
const PLACES_PART = 3 / 4;
const BYTES_PART = 1 / 2;
/** A connection may have this part of the places its workspace has left: however many hang, there is one for a newcomer. */
const CONNECTION_PART = 1 / 8;

type Use = { inFlight: number; heldBytes: number };

/** The places and the memory that this process sends with, shared out among workspaces. */
export class Capacity {
  readonly #byWorkspace = new Map<string, Use>();
  #inFlight = 0;
  #heldBytes = 0;

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Requests that a workspace may start now. */
  freePlaces(workspaceId: string): number {
    const free = IN_FLIGHT_MAX - this.#inFlight;
    const own = this.#byWorkspace.get(workspaceId)?.inFlight ?? 0;
    const share = Math.max(1, Math.floor((free + own) * PLACES_PART));
    return Math.max(0, Math.min(free, share - own));
  }

  /** Whether a connection of a workspace that has so many requests under way may start one more. */
  mayStart(workspaceId: string, inFlight: number): boolean {
    const free = this.freePlaces(workspaceId);
    return free > 0 && inFlight < Math.max(1, Math.floor(free * CONNECTION_PART));
  }

  /** Bytes of payload that may still be taken in for a workspace; not positive when none may. */
  freeBytes(workspaceId: string): number {
    const own = this.#byWorkspace.get(workspaceId)?.heldBytes ?? 0;
    const others = this.#heldBytes - own;
    return Math.floor((HELD_BYTES_MAX - others) * BYTES_PART) - own;
  }

  start(workspaceId: string): void {
    this.#inFlight++;
    this.#use(workspaceId).inFlight++;
  }

  end(workspaceId: string): void {
    this.#inFlight--;
    this.#use(workspaceId).inFlight--;
    this.#forgetIdle(workspaceId);
  }

  hold(workspaceId: string, bytes: number): void {
    this.#heldBytes += bytes;
    this.#use(workspaceId).heldBytes += bytes;
  }

  release(workspaceId: string, bytes: number): void {
    this.#heldBytes -= bytes;
    this.#use(workspaceId).heldBytes -= bytes;
    this.#forgetIdle(workspaceId);
  }

  #use(workspaceId: string): Use {
    const known = this.#byWorkspace.get(workspaceId);
    if (known !== undefined) return known;
    const use = { inFlight: 0, heldBytes: 0 };
    this.#byWorkspace.set(workspaceId, use);
    return use;
  }

  #forgetIdle(workspaceId: string): void {
    const use = this.#byWorkspace.get(workspaceId);
    if (use?.inFlight === 0 && use.heldBytes === 0) this.#byWorkspace.delete(workspaceId);
  }
}
