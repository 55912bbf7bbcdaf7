import type { Bus } from "../db/notify.ts";
import type { Worker } from "../dispatch/worker.ts";

/**
 * A lost message needs no reaction: the poll finds due deliveries, a queue buffer is half a second of work, and other
 * members appear at the next heartbeat.
 */
const NOTHING_TO_DO = () => undefined;

/** Notifies the workers of all processes of changes to their queues. */
export class QueueSignals {
  readonly #bus: Pick<Bus, "publish" | "subscribe">;
  #worker: Worker | null = null;

  constructor(bus: Pick<Bus, "publish" | "subscribe">) {
    this.#bus = bus;
  }

  /** Call this once, with the worker of this process. */
  serve(worker: Worker): void {
    this.#worker = worker;
    // Wakes only this worker's own connections: forwarding the others would send them round and round.
    this.#bus.subscribe("due", (connectionIds) => worker.wakeOwn(connectionIds), NOTHING_TO_DO);
    this.#bus.subscribe("recall", (connectionIds) => worker.recall(connectionIds), NOTHING_TO_DO);
    this.#bus.subscribe("members", () => worker.heartbeatNow(), NOTHING_TO_DO);
  }

  /** Wakes the owners of these connections, in whichever process, because they have due deliveries. */
  wake(connectionIds: readonly string[]): void {
    this.#worker?.wake(connectionIds);
  }

  /** Call this after the commit that changed these connections: nothing more is sent with their previous state. */
  recall(connectionIds: readonly string[]): void {
    this.#worker?.recall(connectionIds);
    this.#bus.publish("recall", connectionIds);
    // The change may have removed what blocked their deliveries.
    this.wake(connectionIds);
  }

  /** Wakes the workers of other processes. */
  wakeOthers(connectionIds: readonly string[]): void {
    this.#bus.publish("due", connectionIds);
  }

  /** Publishes that this process has joined, left, or released connections. */
  membersChanged(): void {
    this.#bus.publish("members", ["changed"]);
  }
}
