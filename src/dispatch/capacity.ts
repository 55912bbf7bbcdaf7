/** Requests in flight in this process. */
const IN_FLIGHT_MAX = 1024;
/** Payload in memory. */
const BUFFERED_BYTES_MAX = 64 * 1024 * 1024;
/** A workspace can take this part of what the others leave, so a slot is left for one more however many are hostile. */
const SLOTS_PART = 3 / 4;
const BYTES_PART = 1 / 2;
/**
 * A connection can take this part of its workspace's free slots, so one is left for a newcomer however many connections
 * hang.
 */
const CONNECTION_PART = 1 / 8;

type Use = { inFlight: number; bufferedBytes: number };

/** The concurrency slots and the memory of this process, shared among workspaces. */
export class Capacity {
  readonly #byWorkspace = new Map<string, Use>();
  #inFlight = 0;
  #bufferedBytes = 0;

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Requests that a workspace may start now. */
  freeSlots(workspaceId: string): number {
    const free = IN_FLIGHT_MAX - this.#inFlight;
    const own = this.#byWorkspace.get(workspaceId)?.inFlight ?? 0;
    const share = Math.max(1, Math.floor((free + own) * SLOTS_PART));
    return Math.max(0, Math.min(free, share - own));
  }

  /** Whether a connection can start one more request, given its number in flight. */
  mayStart(workspaceId: string, inFlight: number): boolean {
    const free = this.freeSlots(workspaceId);
    return free > 0 && inFlight < Math.max(1, Math.floor(free * CONNECTION_PART));
  }

  /** Bytes of payload that can still be buffered for a workspace; zero or negative when there is no room. */
  freeBytes(workspaceId: string): number {
    const own = this.#byWorkspace.get(workspaceId)?.bufferedBytes ?? 0;
    const others = this.#bufferedBytes - own;
    return Math.floor((BUFFERED_BYTES_MAX - others) * BYTES_PART) - own;
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

  buffer(workspaceId: string, bytes: number): void {
    this.#bufferedBytes += bytes;
    this.#use(workspaceId).bufferedBytes += bytes;
  }

  release(workspaceId: string, bytes: number): void {
    this.#bufferedBytes -= bytes;
    this.#use(workspaceId).bufferedBytes -= bytes;
    this.#forgetIdle(workspaceId);
  }

  #use(workspaceId: string): Use {
    const known = this.#byWorkspace.get(workspaceId);
    if (known !== undefined) return known;
    const use = { inFlight: 0, bufferedBytes: 0 };
    this.#byWorkspace.set(workspaceId, use);
    return use;
  }

  #forgetIdle(workspaceId: string): void {
    const use = this.#byWorkspace.get(workspaceId);
    if (use?.inFlight === 0 && use.bufferedBytes === 0) this.#byWorkspace.delete(workspaceId);
  }
}
