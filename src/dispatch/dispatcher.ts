import { FairQueue } from "../domain/fair-queue.ts";
import { Capacity } from "./capacity.ts";
import { type ConnectionQueue, ConnectionQueues } from "./connection-queue.ts";
import { CrowdedOut } from "./crowded-out.ts";
import type { Deliver } from "./deliver.ts";
import type { DueDelivery } from "./due-delivery.ts";
import type { Permission } from "./permission.ts";
import type { DueBatch, QueueRequest } from "./read-due.ts";
import { ReadGuard } from "./read-guard.ts";
import type { Recorded } from "./recorder.ts";
import { Reservations } from "./reservations.ts";

/** A delivery whose result could not be recorded is not sent again before. */
const UNRECORDED_REST_MS = 30_000;

/** Who decides which queue is read next. */
export type RoomListener = {
  /** There may be more in this connection's queue, and there is room for it; null for someone's place that became free. */
  readonly onRoom: (connectionId: string | null) => void;
  /** Something of this connection is due then, epoch milliseconds. */
  readonly onDueAt: (connectionId: string, at: number) => void;
};

/**
 * Sends what was read. Each connection has a queue, from which as many are sent concurrently as it may have. Places and
 * memory of the process are shared out among workspaces, and no connection and no workspace can take the last of either.
 */
export class Dispatcher {
  readonly handover: Reservations;
  readonly #deliver: Deliver;
  readonly #permission: Permission;
  readonly #listener: RoomListener;
  readonly #onError: (error: unknown, doing: string) => void;
  readonly #queues: ConnectionQueues;
  readonly #capacity = new Capacity();
  readonly #crowdedOut = new CrowdedOut(this.#capacity);
  /** Connections of which no more is taken in until their workspace has room. */
  readonly #withoutRoom = new FairQueue<string>();
  readonly #running = new Set<Promise<void>>();
  /** Deliveries whose requests are under way. */
  readonly #sending = new Set<string>();
  readonly #guard = new ReadGuard();
  #isStarted = false;
  #isStopping = false;

  constructor(
    deliver: Deliver,
    permission: Permission,
    listener: RoomListener,
    onError: (error: unknown, doing: string) => void,
  ) {
    this.#deliver = deliver;
    this.#permission = permission;
    this.#listener = listener;
    this.#onError = onError;
    this.#queues = new ConnectionQueues(permission.isCautious);
    this.handover = new Reservations(this.#queues, this.#capacity, {
      // What is accepted waits for the worker where it does not run by itself.
      mayReserve: () => this.#isStarted && !this.#isStopping && permission.mayStart(),
      settle: (queue) => this.#settle(queue),
      drop: (queue, deliveries) => this.#drop(queue, deliveries),
      pump: (queue) => this.#pump(queue),
      // Anyone who sent the events is answered first.
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

  /** Connections that are another process's, of which this one still has something under way or to be recorded. */
  get foreign(): string[] {
    return [...this.#queues]
      .filter((queue) => !queue.isEmpty && !this.#permission.owns(queue.connectionId))
      .map(({ connectionId }) => connectionId);
  }

  /** Resolves when some of what was under way has ended. */
  settled(): Promise<unknown> {
    return Promise.race(this.#running);
  }

  start(): void {
    this.#isStarted = true;
  }

  /** Begins nothing more. */
  stop(): void {
    this.#isStopping = true;
    for (const queue of this.#queues) this.#drop(queue, queue.waiting.splice(0));
  }

  roomFor(workspaceId: string): number {
    return this.#capacity.freeBytes(workspaceId);
  }

  /** What more to read of a connection's queue; null for nothing at the moment. */
  requestFor(connectionId: string): QueueRequest | null {
    const queue = this.#queues.of(connectionId);
    this.#pump(queue);
    const { wanted, held, connection, rateTakenUntil } = queue;
    const hasRoom = connection === null || this.#capacity.freeBytes(connection.workspaceId) > 0;
    if (!hasRoom) this.#withoutRoom.add(connection.workspaceId, connectionId);
    if (wanted > 0 && hasRoom) return { connectionId, wanted, held: new Set(held), rateTakenUntil };
    // It has enough for now; what woke it is looked for when that is done.
    queue.mayHaveMore = true;
    return null;
  }

  /** To be called before queues are read; one read at a time. */
  beginRead(): void {
    this.#guard.begin();
  }

  /** Returns how many it took: none of a connection that was changed, or became another process's, since the read began. */
  takeIn(batch: DueBatch): number {
    const { connectionId, connection, mayHaveMore, isCaughtUp, rateTakenUntil } = batch;
    const isStale = this.#guard.isChanged(connectionId) || !this.#permission.mayWork(connectionId);
    // It may have come to its end, and been forgotten, while the read was under way.
    const queue = this.#queues.of(connectionId);
    queue.noteRead(connection, mayHaveMore || isStale, performance.now());
    queue.isCaughtUp = isCaughtUp && !isStale;
    queue.rateTakenUntil = rateTakenUntil;
    const isFresh = ({ id }: DueDelivery) => !queue.held.has(id) && !this.#guard.isRecorded(id);
    const fresh = isStale || this.#isStopping ? [] : batch.deliveries.filter(isFresh);
    for (const delivery of fresh) {
      this.#capacity.hold(connection.workspaceId, delivery.payloadBytes);
      queue.hold(delivery.id);
      queue.waiting.push(delivery);
    }
    this.#pump(queue);
    this.#settle(queue);
    return fresh.length;
  }

  /** The connection does not exist any more. */
  noteGone(connectionId: string): void {
    const queue = this.#queues.get(connectionId);
    if (queue?.isEmpty === true) this.#queues.rest(queue);
  }

  /** Drops what waits of a connection that was changed: it would leave as the connection stood before. */
  recall(connectionId: string): void {
    this.#guard.noteChanged(connectionId);
    const queue = this.#queues.get(connectionId);
    if (queue === undefined) return;
    queue.recalls++;
    this.#drop(queue, queue.waiting.splice(0));
  }

  /** Something is due of this connection that is not held here. */
  noteMore(connectionId: string): void {
    const queue = this.#queues.get(connectionId);
    if (queue !== undefined) queue.isCaughtUp = false;
  }

  /** Other processes have come or gone: what waits of connections that are theirs now is theirs to send. */
  noteOtherProcesses(): void {
    for (const queue of this.#queues) {
      if (this.#permission.owns(queue.connectionId)) continue;
      queue.isCaughtUp = false;
      queue.recalls++;
      this.#drop(queue, queue.waiting.splice(0));
    }
  }

  /** Others may have sent what waits here, since they could take this process for gone. */
  recallAll(): void {
    for (const queue of this.#queues) this.recall(queue.connectionId);
  }

  /** Sends on after a time in which nothing might be started. */
  resume(): void {
    for (const queue of this.#queues) this.#pump(queue);
  }

  #track(work: Promise<void>): void {
    const one: Promise<void> = work.finally(() => this.#running.delete(one));
    this.#running.add(one);
  }

  async #run(queue: ConnectionQueue, delivery: DueDelivery): Promise<void> {
    const { workspaceId } = delivery.connection;
    let isAnswered = false;
    this.#sending.add(delivery.id);
    const onAnswered = (concernsOthers: boolean) => {
      isAnswered = true;
      this.#sending.delete(delivery.id);
      this.#capacity.end(workspaceId);
      queue.inFlight--;
      queue.noteAnswer();
      // With strict order, and after a fault, the next one waits until it is on disk what follows from this one.
      if (delivery.connection.isOrdered || concernsOthers || queue.isCautious) queue.awaited.add(delivery);
      this.#pump(queue);
    };
    try {
      this.#onRecorded(queue, await this.#deliver(delivery, onAnswered));
    } catch (error) {
      this.#onError(error, "deliver");
      if (!isAnswered) onAnswered(true);
      this.#restThenLetGo(queue, delivery);
      return;
    }
    this.#end(queue, delivery);
  }

  /** What cannot be recorded stays pending, and would be sent over and over: it is read again only after a while. */
  #restThenLetGo(queue: ConnectionQueue, delivery: DueDelivery): void {
    queue.isCaughtUp = false;
    const rest = setTimeout(() => {
      queue.mayHaveMore = true;
      this.#end(queue, delivery);
    }, UNRECORDED_REST_MS);
    rest.unref();
  }

  #end(queue: ConnectionQueue, delivery: DueDelivery): void {
    queue.awaited.delete(delivery);
    this.#guard.noteRecorded(delivery.id);
    this.#letGo(queue, delivery.connection.workspaceId, [delivery]);
    this.#pump(queue);
    this.#settle(queue);
  }

  /** Payload of a connection that is no longer held makes room for more of its workspace. */
  #letGo(queue: ConnectionQueue, workspaceId: string, deliveries: readonly DueDelivery[]): void {
    for (const { id, payloadBytes } of deliveries) {
      queue.letGo(id);
      this.#capacity.release(workspaceId, payloadBytes);
    }
    if (this.#capacity.freeBytes(workspaceId) <= 0) return;
    for (const connectionId of this.#withoutRoom.takeOwner(workspaceId)) this.#listener.onRoom(connectionId);
  }

  #onRecorded(queue: ConnectionQueue, { next, connection }: Recorded): void {
    if (queue.isCautious) {
      queue.isCautious = false;
      this.#permission.noteRecorded(queue.connectionId);
    }
    const probeAt = connection?.probeAt ?? null;
    for (const at of [next.nextAttemptAt, next.holdsUntil, probeAt]) {
      if (at !== null) this.#listener.onDueAt(queue.connectionId, at);
    }
    // While the breaker was half-open, the queue behind the probe was not asked for.
    if (connection?.transition === "recovered") queue.mayHaveMore = true;
    const isOff = connection !== null && connection.status !== "connected";
    if (next.holdsUntil === null && probeAt === null && !isOff) return;
    queue.isCaughtUp = false;
    this.#guard.noteChanged(queue.connectionId);
    this.#drop(queue, queue.waiting.splice(0));
  }

  /** Sends what waits, as far as there are places. */
  #pump(queue: ConnectionQueue): void {
    if (queue.waiting.length === 0 || !this.#permission.mayStart()) return;
    while (queue.waiting.length > 0) {
      const [next] = queue.waiting;
      if (next === undefined || queue.awaited.size > 0 || queue.inFlight >= queue.concurrency) break;
      const { workspaceId } = next.connection;
      if (!this.#capacity.mayStart(workspaceId, queue.inFlight)) {
        this.#crowdedOut.add(workspaceId, queue);
        break;
      }
      queue.waiting.shift();
      this.#capacity.start(workspaceId);
      queue.inFlight++;
      this.#track(this.#run(queue, next));
    }
  }

  /** After something ended: others may have its place, and there may be more in this queue. */
  #settle(queue: ConnectionQueue): void {
    this.#crowdedOut.pump((other) => this.#pump(other));
    if (queue.mayHaveMore && queue.wanted > 0) this.#listener.onRoom(queue.connectionId);
    else this.#listener.onRoom(null);
    if (queue.isEmpty && !queue.mayHaveMore) this.#queues.rest(queue);
  }

  /** Lets go of what will not be sent as it is here: it is pending, and anyone who owns the queue reads it again. */
  #drop(queue: ConnectionQueue, deliveries: readonly DueDelivery[]): void {
    const [first] = deliveries;
    if (first === undefined) return;
    queue.mayHaveMore = true;
    queue.isCaughtUp = false;
    this.#letGo(queue, first.connection.workspaceId, deliveries);
    this.#listener.onRoom(queue.connectionId);
  }
}
