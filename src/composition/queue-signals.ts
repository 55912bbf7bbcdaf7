import type { Bus } from "../db/notify.ts";
import type { Worker } from "../dispatch/worker.ts";

/**
 * A lost message needs no cure: the poll finds what is due, what was read ahead is half a second of work, and other members
 * show at the next heartbeat.
 */
const NOTHING_TO_DO = () => undefined;

/** Tells the workers of all processes that something about their queues has changed. */
export class QueueSignals {
  readonly #bus: Pick<Bus, "publish" | "subscribe">;
  #worker: Worker | null = null;

  constructor(bus: Pick<Bus, "publish" | "subscribe">) {
    this.#bus = bus;
  }

  /** To be called once, with the worker of this process. */
  serve(worker: Worker): void {
    this.#worker = worker;
    // Only this worker's own: passing on the others would send them round and round.
    this.#bus.subscribe("due", (connectionIds) => worker.wakeOwn(connectionIds), NOTHING_TO_DO);
    this.#bus.subscribe("recall", (connectionIds) => worker.recall(connectionIds), NOTHING_TO_DO);
    this.#bus.subscribe("members", () => worker.heartbeatNow(), NOTHING_TO_DO);
  }

  /** These connections have something due now, whichever process owns their queues. */
  wake(connectionIds: readonly string[]): void {
    this.#worker?.wake(connectionIds);
  }

  /** To be called after the commit that changed these connections: nothing more is sent as they were before. */
  recall(connectionIds: readonly string[]): void {
    this.#worker?.recall(connectionIds);
    this.#bus.publish("recall", connectionIds);
    // The change may have ended what kept their deliveries from being sent.
    this.wake(connectionIds);
  }

  /** Wakes the workers of other processes. */
  wakeOthers(connectionIds: readonly string[]): void {
    this.#bus.publish("due", connectionIds);
  }

  /** This process has come, gone, or let go of connections. */
  membersChanged(): void {
    this.#bus.publish("members", ["changed"]);
  }
}
