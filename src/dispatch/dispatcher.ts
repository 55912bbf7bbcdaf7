import { FairQueue } from "../domain/fair-queue.ts";
import { Capacity } from "./capacity.ts";
import { type ConnectionQueue, ConnectionQueues } from "./connection-queue.ts";
import type { Deliver } from "./deliver.ts";
import type { DueDelivery } from "./due-delivery.ts";
import type { Permission } from "./permission.ts";
import type { DueBatch, QueueRequest } from "./read-due.ts";
import { ReadGuard } from "./read-guard.ts";
import type { Recorded } from "./recorder.ts";
import { Reservations } from "./reservations.ts";
import { WaitingQueues } from "./waiting-queues.ts";

/** How long a delivery whose result could not be recorded waits before it is sent again. */
const UNRECORDED_PAUSE_MS = 30_000;

/** Decides which queue is read next. */
export type QueueListener = {
  /** Called with a connection when there is room for its queue, which may have more; with null when another slot is free. */
  readonly onCapacity: (connectionId: string | null) => void;
  /** Called when this connection has a delivery due at a time, epoch milliseconds. */
  readonly onDueAt: (connectionId: string, at: number) => void;
};

/**
 * Sends buffered deliveries. Each connection has a queue, sent within its concurrency limit. The process's slots and
 * memory are shared among workspaces, and no connection or workspace can use up either.
 */
export class Dispatcher {
  readonly handover: Reservations;
  readonly #deliver: Deliver;
  readonly #permission: Permission;
  readonly #listener: QueueListener;
  readonly #onError: (error: unknown, doing: string) => void;
  readonly #queues: ConnectionQueues;
  readonly #capacity = new Capacity();
  readonly #waitingQueues = new WaitingQueues(this.#capacity);
  /** Connections for which nothing more is read until their workspace has room. */
  readonly #withoutMemory = new FairQueue<string>();
  readonly #running = new Set<Promise<void>>();
  /** Deliveries whose requests are in flight. */
  readonly #sending = new Set<string>();
  readonly #guard = new ReadGuard();
  #isStarted = false;
  #isStopping = false;

  constructor(
    deliver: Deliver,
    permission: Permission,
    listener: QueueListener,
    onError: (error: unknown, doing: string) => void,
  ) {
    this.#deliver = deliver;
    this.#permission = permission;
    this.#listener = listener;
    this.#onError = onError;
    this.#queues = new ConnectionQueues(permission.isCautious);
    this.handover = new Reservations(this.#queues, this.#capacity, {
      // Unless the worker runs by itself, accepted deliveries wait for the next tick.
      mayReserve: () => this.#isStarted && !this.#isStopping && permission.mayStart(),
      settle: (queue) => this.#settle(queue),
      drop: (queue, deliveries) => this.#drop(queue, deliveries),
      pump: (queue) => this.#pump(queue),
      // The response to the sender of the events goes out first.
      later: (work) => this.#track(new Promise((resolve) => setImmediate(resolve)).then(work)),
    });
  }

  get inFlight(): number {
    return this.#capacity.inFlight;
  }

  isSending(deliveryId: string): boolean {
    return this.#sending.has(deliveryId);
  }

  get isIdle(): boolean {
    return this.#running.size === 0;
  }

  /** Connections that another process owns, of which this one still has deliveries in flight or to be recorded. */
  get foreign(): string[] {
    return [...this.#queues]
      .filter((queue) => !queue.isEmpty && !this.#permission.owns(queue.connectionId))
      .map(({ connectionId }) => connectionId);
  }

  /** Resolves when some of the work in progress has ended. */
  settled(): Promise<unknown> {
    return Promise.race(this.#running);
  }

  start(): void {
    this.#isStarted = true;
  }

  /** Starts nothing more. */
  stop(): void {
    this.#isStopping = true;
    for (const queue of this.#queues) this.#drop(queue, queue.waiting.splice(0));
  }

  freeBytes(workspaceId: string): number {
    return this.#capacity.freeBytes(workspaceId);
  }

  /** How much more to read of a connection's queue; null for nothing now. */
  requestFor(connectionId: string): QueueRequest | null {
    const queue = this.#queues.of(connectionId);
    this.#pump(queue);
    const { wanted, buffered, connection, rateUsedUntil } = queue;
    const hasMemory = connection === null || this.#capacity.freeBytes(connection.workspaceId) > 0;
    if (!hasMemory) this.#withoutMemory.add(connection.workspaceId, connectionId);
    if (wanted > 0 && hasMemory) return { connectionId, wanted, buffered: new Set(buffered), rateUsedUntil };
    // The queue has enough for now, and is read again when those deliveries are done.
    queue.mayHaveMore = true;
    return null;
  }

  /** Call before queues are read, one read at a time. */
  beginRead(): void {
    this.#guard.begin();
  }

  /** Returns how many were taken: none if the connection was changed, or passed to another process, since the read began. */
  addBatch(batch: DueBatch): number {
    const { connectionId, connection, mayHaveMore, isCaughtUp, rateUsedUntil } = batch;
    const isStale = this.#guard.isChanged(connectionId) || !this.#permission.mayWork(connectionId);
    // The queue may have been emptied and forgotten during the read.
    const queue = this.#queues.of(connectionId);
    queue.finishRead(connection, mayHaveMore || isStale, performance.now());
    queue.isCaughtUp = isCaughtUp && !isStale;
    queue.rateUsedUntil = rateUsedUntil;
    const isNew = ({ id }: DueDelivery) => !queue.buffered.has(id) && !this.#guard.isRecorded(id);
    const added = isStale || this.#isStopping ? [] : batch.deliveries.filter(isNew);
    for (const delivery of added) {
      this.#capacity.buffer(connection.workspaceId, delivery.payloadBytes);
      queue.buffer(delivery.id);
      queue.waiting.push(delivery);
    }
    this.#pump(queue);
    this.#settle(queue);
    return added.length;
  }

  /** Called when the connection no longer exists. */
  forgetQueue(connectionId: string): void {
    const queue = this.#queues.get(connectionId);
    if (queue?.isEmpty === true) this.#queues.park(queue);
  }

  /** Drops the buffered deliveries of a connection that was changed, since they would be sent with the old settings. */
  recall(connectionId: string): void {
    this.#guard.markChanged(connectionId);
    const queue = this.#queues.get(connectionId);
    if (queue === undefined) return;
    queue.recalls++;
    this.#drop(queue, queue.waiting.splice(0));
  }

  /** Called when this connection has a due delivery that is not in its queue here. */
  markIncomplete(connectionId: string): void {
    const queue = this.#queues.get(connectionId);
    if (queue !== undefined) queue.isCaughtUp = false;
  }

  /** Called when other processes have joined or left: drops the buffered deliveries of connections that they own now. */
  releaseForeign(): void {
    for (const queue of this.#queues) {
      if (this.#permission.owns(queue.connectionId)) continue;
      queue.isCaughtUp = false;
      queue.recalls++;
      this.#drop(queue, queue.waiting.splice(0));
    }
  }

  /** Other processes may have sent the deliveries buffered here, since this one could have been considered gone. */
  recallAll(): void {
    for (const queue of this.#queues) this.recall(queue.connectionId);
  }

  /** Continues sending after a time in which no request could start. */
  resume(): void {
    for (const queue of this.#queues) this.#pump(queue);
  }

  #track(work: Promise<void>): void {
    const one: Promise<void> = work.finally(() => this.#running.delete(one));
    this.#running.add(one);
  }

  async #run(queue: ConnectionQueue, delivery: DueDelivery): Promise<void> {
    const { workspaceId } = delivery.connection;
    let hasEnded = false;
    this.#sending.add(delivery.id);
    const onEnded = (concernsOthers: boolean) => {
      hasEnded = true;
      this.#sending.delete(delivery.id);
      this.#capacity.end(workspaceId);
      queue.inFlight--;
      queue.countEnded();
      // In strict order, after a fault and in cautious mode, the next delivery waits until this result is committed.
      if (delivery.connection.isOrdered || concernsOthers || queue.isCautious) queue.awaited.add(delivery);
      this.#pump(queue);
    };
    try {
      this.#onRecorded(queue, await this.#deliver(delivery, onEnded));
    } catch (error) {
      this.#onError(error, "deliver");
      if (!hasEnded) onEnded(true);
      this.#pauseThenEnd(queue, delivery);
      return;
    }
    this.#end(queue, delivery);
  }

  /** A delivery that cannot be recorded stays pending, so it is sent again only after a pause. */
  #pauseThenEnd(queue: ConnectionQueue, delivery: DueDelivery): void {
    queue.isCaughtUp = false;
    const timer = setTimeout(() => {
      queue.mayHaveMore = true;
      this.#end(queue, delivery);
    }, UNRECORDED_PAUSE_MS);
    timer.unref();
  }

  #end(queue: ConnectionQueue, delivery: DueDelivery): void {
    queue.awaited.delete(delivery);
    this.#guard.markRecorded(delivery.id);
    this.#release(queue, delivery.connection.workspaceId, [delivery]);
    this.#pump(queue);
    this.#settle(queue);
  }

  /** Releasing a connection's payload frees memory for other connections of its workspace. */
  #release(queue: ConnectionQueue, workspaceId: string, deliveries: readonly DueDelivery[]): void {
    for (const { id, payloadBytes } of deliveries) {
      queue.release(id);
      this.#capacity.release(workspaceId, payloadBytes);
    }
    if (this.#capacity.freeBytes(workspaceId) <= 0) return;
    for (const connectionId of this.#withoutMemory.takeOwner(workspaceId))
      this.#listener.onCapacity(connectionId);
  }

  #onRecorded(queue: ConnectionQueue, { next, connection }: Recorded): void {
    if (queue.isCautious) {
      queue.isCautious = false;
      this.#permission.markRecorded(queue.connectionId);
    }
    const probeAt = connection?.probeAt ?? null;
    for (const at of [next.nextAttemptAt, next.holdUntil, probeAt]) {
      if (at !== null) this.#listener.onDueAt(queue.connectionId, at);
    }
    // While the circuit breaker was half-open, the queue behind the probe was not read.
    if (connection?.transition === "recovered") queue.mayHaveMore = true;
    const isDisabled = connection !== null && connection.status !== "connected";
    if (next.holdUntil === null && probeAt === null && !isDisabled) return;
    queue.isCaughtUp = false;
    this.#guard.markChanged(queue.connectionId);
    this.#drop(queue, queue.waiting.splice(0));
  }

  /** Sends waiting deliveries while there are free slots. */
  #pump(queue: ConnectionQueue): void {
    if (queue.waiting.length === 0 || !this.#permission.mayStart()) return;
    while (queue.waiting.length > 0) {
      const [next] = queue.waiting;
      if (next === undefined || queue.awaited.size > 0 || queue.inFlight >= queue.concurrency) break;
      const { workspaceId } = next.connection;
      if (!this.#capacity.mayStart(workspaceId, queue.inFlight)) {
        this.#waitingQueues.add(workspaceId, queue);
        break;
      }
      queue.waiting.shift();
      this.#capacity.start(workspaceId);
      queue.inFlight++;
      this.#track(this.#run(queue, next));
    }
  }

  /** Continues after a request has ended: other queues may take its slot, and this queue may have more. */
  #settle(queue: ConnectionQueue): void {
    this.#waitingQueues.pump((other) => this.#pump(other));
    if (queue.mayHaveMore && queue.wanted > 0) this.#listener.onCapacity(queue.connectionId);
    else this.#listener.onCapacity(null);
    if (queue.isEmpty && !queue.mayHaveMore) this.#queues.park(queue);
  }

  /** Releases deliveries that will not be sent from this buffer; the queue's owner reads them again. */
  #drop(queue: ConnectionQueue, deliveries: readonly DueDelivery[]): void {
    const [first] = deliveries;
    if (first === undefined) return;
    queue.mayHaveMore = true;
    queue.isCaughtUp = false;
    this.#release(queue, first.connection.workspaceId, deliveries);
    this.#listener.onCapacity(queue.connectionId);
  }
}
