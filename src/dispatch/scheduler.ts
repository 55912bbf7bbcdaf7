import type { Observer } from "../domain/observer.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { DueBatch, DueReader } from "./read-due.ts";
import { Timers } from "./timers.ts";

/** Queues read together; the others come next. */
const QUEUES_PER_READ_MAX = 64;

type SchedulerDeps = {
  readonly reader: DueReader;
  readonly dispatcher: Dispatcher;
  /** Whether this process can read a queue now. */
  readonly mayWork: (connectionId: string) => boolean;
  readonly owns: (connectionId: string) => boolean;
  readonly now: () => number;
  readonly observer: Pick<Observer, "committed">;
  readonly onInterruptedTests: (deliveryIds: readonly string[]) => Promise<void>;
};

/**
 * Decides whose queue is read next. Connections with due deliveries wait in line: each read takes the first of them and
 * a part of each queue, so no backlog, however long, delays another connection by more than one read.
 */
export class Scheduler {
  readonly #deps: SchedulerDeps;
  readonly #onError: (error: unknown) => void;
  /** Connections that may have due deliveries, in order of arrival. */
  readonly #queued = new Set<string>();
  /** Connections that this process owns but another still works. */
  readonly #awaited = new Set<string>();
  readonly #timers: Timers;
  #reading: Promise<void> | null = null;
  #isStopping = false;

  constructor(deps: SchedulerDeps, onError: (error: unknown) => void) {
    this.#deps = deps;
    this.#onError = onError;
    this.#timers = new Timers(deps.now, (connectionIds) => this.wake(connectionIds));
  }

  /** Null while no read is in progress. */
  get reading(): Promise<void> | null {
    return this.#reading;
  }

  start(): void {
    this.#timers.start();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#timers.stop();
    await this.#reading;
  }

  /** Called when these connections have due deliveries that this process may not have buffered. */
  wake(connectionIds: readonly string[]): void {
    for (const connectionId of connectionIds) this.#deps.dispatcher.markIncomplete(connectionId);
    this.enqueue(connectionIds);
  }

  /** Called when these connections may have due deliveries, buffered ones among them. */
  enqueue(connectionIds: readonly string[]): void {
    for (const connectionId of connectionIds) this.#queued.add(connectionId);
    this.startReading();
  }

  wakeAt(connectionId: string, at: number): void {
    this.#timers.set(connectionId, at);
  }

  /** Looks again at connections that another process was still working. */
  enqueueAwaited(): void {
    const awaited = [...this.#awaited];
    this.#awaited.clear();
    if (awaited.length > 0) this.wake(awaited);
  }

  startReading(): void {
    if (this.#reading !== null || this.#isStopping || this.#queued.size === 0) return;
    // Wake-ups at the same time share one read.
    this.#reading = new Promise((resolve) => setImmediate(resolve))
      .then(() => this.#readAll())
      .then(
        () => true,
        (error: unknown) => {
          this.#onError(error);
          return false;
        },
      )
      .then((isDone) => {
        this.#reading = null;
        // Connections that were woken since the last read ended. After a failure the poll continues.
        if (isDone) this.startReading();
      });
  }

  async #readAll(): Promise<void> {
    while (!this.#isStopping && this.#queued.size > 0) {
      const first = [...this.#queued.values().take(QUEUES_PER_READ_MAX)];
      for (const connectionId of first) this.#queued.delete(connectionId);
      await this.#read(first.filter((connectionId) => this.#mayWork(connectionId)));
    }
  }

  #mayWork(connectionId: string): boolean {
    const { mayWork, owns } = this.#deps;
    if (mayWork(connectionId)) return true;
    if (owns(connectionId)) this.#awaited.add(connectionId);
    return false;
  }

  async #read(connectionIds: readonly string[]): Promise<void> {
    const { reader, dispatcher, observer, now } = this.#deps;
    const requests = connectionIds.flatMap((connectionId) => dispatcher.requestFor(connectionId) ?? []);
    if (requests.length === 0) return;
    const startedAt = performance.now();
    dispatcher.beginRead();
    const batches = await reader.read(requests, (workspaceId) => dispatcher.freeBytes(workspaceId), now());
    const taken = batches.reduce((sum, batch) => sum + this.#addBatch(batch), 0);
    const found = new Set(batches.map(({ connectionId }) => connectionId));
    for (const { connectionId } of requests)
      if (!found.has(connectionId)) dispatcher.forgetQueue(connectionId);
    observer.committed("claim", taken, performance.now() - startedAt);
    const interrupted = batches.flatMap(({ interruptedTests }) => interruptedTests);
    if (interrupted.length > 0) await this.#deps.onInterruptedTests(interrupted);
  }

  #addBatch(batch: DueBatch): number {
    const { connectionId, lookAgainAt } = batch;
    if (lookAgainAt !== null) this.#timers.set(connectionId, lookAgainAt);
    return this.#deps.dispatcher.addBatch(batch);
  }
}
