import type { Observer } from "../domain/observer.ts";
import type { Handover } from "../ingest/handover.ts";
import type { Deliver } from "./deliver.ts";
import { Dispatcher } from "./dispatcher.ts";
import type { MembersChange } from "./members.ts";
import type { QueuePoll } from "./queue-poll.ts";
import type { DueReader } from "./read-due.ts";
import type { Recorder } from "./recorder.ts";
import { Scheduler } from "./scheduler.ts";
import { UncleanEnds } from "./unclean-ends.ts";
import { HEARTBEAT_EVERY_MS, type WorkerRegistry } from "./worker-registry.ts";

const POLL_EVERY_MS = 500;
const FLUSH_EVERY_MS = 1000;
/** Interval while connections change owners. */
const SETTLE_EVERY_MS = 200;
/** A larger difference of clocks makes retries noticeably early or late; `opensend doctor` uses the same limit. */
const CLOCK_DIFFERENCE_MAX_MS = 5000;

/** The parts that a worker consists of. */
export type WorkerParts = {
  readonly registry: WorkerRegistry;
  readonly reader: DueReader;
  readonly poll: QueuePoll;
  readonly recorder: Recorder;
  readonly deliver: Deliver;
  readonly observer: Pick<Observer, "committed">;
  readonly now: () => number;
};

/** A notice for the operator: for how long others could consider this process gone, or how far its clock is ahead. */
export type WorkerNotice =
  | { readonly kind: "lapse"; readonly forMs: number }
  | { readonly kind: "clock"; readonly aheadMs: number };

/** Callbacks of a worker to other parts and processes. */
export type WorkerHooks = {
  /** Wakes other processes for their connections with due deliveries. */
  readonly wakeOthers: (connectionIds: readonly string[]) => void;
  /** Notifies other processes that this one has joined, left, or released connections. */
  readonly notifyMembers: () => void;
  /** More work once per second while this process runs, by name, such as advancing replays. Each runs independently. */
  readonly everySecond: Readonly<Record<string, () => Promise<void>>>;
  readonly onInterruptedTests: (deliveryIds: readonly string[]) => Promise<void>;
  readonly onNotice: (notice: WorkerNotice) => void;
  /** Called each time that periodic work has succeeded. */
  readonly onDone: (doing: string) => void;
  readonly onError: (error: unknown, doing: string) => void;
};

/** Delivers what is due for the connections that this process owns. */
export class Worker {
  readonly #parts: WorkerParts;
  readonly #hooks: WorkerHooks;
  readonly #dispatcher: Dispatcher;
  readonly #scheduler: Scheduler;
  readonly #uncleanEnds = new UncleanEnds();
  readonly #timers: NodeJS.Timeout[] = [];
  #settling: NodeJS.Timeout | null = null;
  #heartbeatUnderWay: Promise<void> | null = null;
  /** The members have changed, and the others are not notified yet. */
  #mustNotifyMembers = false;
  /** The last difference of clocks that was reported. */
  #reportedAheadMs = 0;
  #isStopping = false;

  constructor(parts: WorkerParts, hooks: WorkerHooks) {
    this.#parts = parts;
    this.#hooks = hooks;
    const { registry } = parts;
    const ends = this.#uncleanEnds;
    this.#dispatcher = new Dispatcher(
      parts.deliver,
      {
        mayStart: () => registry.isValid,
        owns: (connectionId) => registry.owns(connectionId),
        mayWork: (connectionId) => registry.mayWork(connectionId),
        isCautious: (connectionId) => ends.isInherited(connectionId),
        markRecorded: (connectionId) => ends.markRecorded(connectionId),
      },
      {
        onCapacity: (connectionId) => {
          if (connectionId === null) this.#scheduler.startReading();
          else this.#scheduler.enqueue([connectionId]);
        },
        onDueAt: (connectionId, at) => this.#scheduler.wakeAt(connectionId, at),
      },
      hooks.onError,
    );
    this.#scheduler = new Scheduler(
      {
        ...parts,
        dispatcher: this.#dispatcher,
        mayWork: (connectionId) => registry.mayWork(connectionId),
        owns: (connectionId) => registry.owns(connectionId),
        onInterruptedTests: hooks.onInterruptedTests,
      },
      (error) => hooks.onError(error, "claim"),
    );
    registry.serve({
      foreign: () => this.#dispatcher.foreign,
      onMembers: (change) => this.#onMembers(change),
      onLapse: (forMs) => {
        this.#dispatcher.recallAll();
        hooks.onNotice({ kind: "lapse", forMs });
      },
    });
  }

  get handover(): Handover {
    return this.#dispatcher.handover;
  }

  get inFlight(): number {
    return this.#dispatcher.inFlight;
  }

  /** Whether this process is sending a delivery right now. */
  isSending(deliveryId: string): boolean {
    return this.#dispatcher.isSending(deliveryId);
  }

  /** The number of other processes that deliver. */
  get others(): number {
    return this.#parts.registry.others;
  }

  /** When this process last renewed its heartbeat, epoch milliseconds; null before the first time. */
  get lastHeartbeatAt(): number | null {
    return this.#parts.registry.lastHeartbeatAt;
  }

  /** Whether this process owns a connection's queue. */
  owns(connectionId: string): boolean {
    return this.#parts.registry.owns(connectionId);
  }

  /** Called if the process that worked all connections before has crashed. */
  markUncleanEnd(): void {
    this.#uncleanEnds.addEverything();
  }

  async start(): Promise<void> {
    const { recorder } = this.#parts;
    await this.heartbeat();
    recorder.start();
    this.#dispatcher.start();
    this.#scheduler.start();
    this.#every(HEARTBEAT_EVERY_MS, "heartbeat", () => this.heartbeat());
    this.#every(POLL_EVERY_MS, "poll", () => this.#poll());
    this.#every(FLUSH_EVERY_MS, "flush", () => recorder.flush(false));
    for (const [doing, work] of Object.entries(this.#hooks.everySecond))
      this.#every(FLUSH_EVERY_MS, doing, work);
    this.#poll().catch((error: unknown) => this.#hooks.onError(error, "poll"));
  }

  /** Called when these connections have due deliveries. */
  wake(connectionIds: readonly string[]): void {
    const { registry } = this.#parts;
    const own = connectionIds.filter((connectionId) => registry.owns(connectionId));
    if (own.length < connectionIds.length) {
      this.#hooks.wakeOthers(connectionIds.filter((connectionId) => !registry.owns(connectionId)));
    }
    this.wakeOwn(own);
  }

  /** The same, but ignores connections that this process does not own. */
  wakeOwn(connectionIds: readonly string[]): void {
    const own = connectionIds.filter((connectionId) => this.#parts.registry.owns(connectionId));
    if (own.length > 0) this.#scheduler.wake(own);
  }

  /** Called when these connections were changed: nothing more is sent with their old settings. */
  recall(connectionIds: readonly string[]): void {
    for (const connectionId of connectionIds) this.#dispatcher.recall(connectionId);
  }

  /** Renews the heartbeat and takes over newly owned connections; calls in the meantime share it. */
  heartbeat(): Promise<void> {
    this.#heartbeatUnderWay ??= this.#heartbeat().finally(() => {
      this.#heartbeatUnderWay = null;
    });
    return this.#heartbeatUnderWay;
  }

  /** Called when another process has joined, left, or released connections. */
  heartbeatNow(): void {
    if (!this.#isStopping)
      this.heartbeat().catch((error: unknown) => this.#hooks.onError(error, "heartbeat"));
  }

  /** Looks for due work once and waits until its results are recorded: for tests that step the clock. */
  async tick(): Promise<void> {
    const { poll, recorder } = this.#parts;
    poll.restart();
    while (!(await this.#poll()));
    while (this.#scheduler.reading !== null || !this.#dispatcher.isIdle) {
      await (this.#scheduler.reading ?? this.#dispatcher.settled());
    }
    await recorder.flush(true);
  }

  /** Starts nothing more, finishes what is in flight and leaves everything else pending. */
  async stop(): Promise<void> {
    const { recorder, registry } = this.#parts;
    this.#isStopping = true;
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#settling !== null) clearTimeout(this.#settling);
    this.#dispatcher.stop();
    recorder.stop();
    await this.#scheduler.stop();
    while (!this.#dispatcher.isIdle) await this.#dispatcher.settled();
    await recorder.idle();
    await recorder.flush(true);
    await registry.deregister();
    this.#hooks.notifyMembers();
  }

  async #heartbeat(): Promise<void> {
    const { registry } = this.#parts;
    const wasSettling = registry.isSettling;
    await registry.heartbeat();
    this.#dispatcher.resume();
    this.#scheduler.enqueueAwaited();
    this.#scheduler.startReading();
    if (this.#mustNotifyMembers || (wasSettling && !registry.isSettling)) this.#hooks.notifyMembers();
    this.#mustNotifyMembers = false;
    this.#compareClocks(registry.clockAheadMs);
    if (registry.isSettling) this.#heartbeatSoon();
  }

  /** Reports a difference of clocks once, and again when it has changed. */
  #compareClocks(aheadMs: number): void {
    if (Math.abs(aheadMs - this.#reportedAheadMs) <= CLOCK_DIFFERENCE_MAX_MS) return;
    this.#reportedAheadMs = aheadMs;
    this.#hooks.onNotice({ kind: "clock", aheadMs });
  }

  #heartbeatSoon(): void {
    if (this.#settling !== null || this.#isStopping) return;
    this.#settling = setTimeout(() => {
      this.#settling = null;
      this.heartbeat().catch((error: unknown) => this.#hooks.onError(error, "heartbeat"));
    }, SETTLE_EVERY_MS);
    this.#settling.unref();
  }

  #onMembers({ before, died }: MembersChange): void {
    this.#mustNotifyMembers = true;
    this.#uncleanEnds.add(before, died);
    // This process may have taken over queues of others.
    this.#parts.poll.restart();
    this.#dispatcher.releaseForeign();
  }

  /** Polls the next part of the queues. Returns whether it was the last. */
  async #poll(): Promise<boolean> {
    const now = this.#parts.now();
    const { connections, isEnd } = await this.#parts.poll.next();
    for (const { connectionId, dueAt } of connections)
      if (dueAt > now) this.#scheduler.wakeAt(connectionId, dueAt);
    this.#scheduler.enqueue(
      connections.filter(({ dueAt }) => dueAt <= now).map(({ connectionId }) => connectionId),
    );
    return isEnd;
  }

  #every(intervalMs: number, doing: string, work: () => Promise<unknown>): void {
    let isRunning = false;
    const { onDone, onError } = this.#hooks;
    const timer = setInterval(() => {
      if (isRunning) return;
      isRunning = true;
      work()
        .then(
          () => onDone(doing),
          (error: unknown) => onError(error, doing),
        )
        .finally(() => {
          isRunning = false;
        });
    }, intervalMs);
    this.#timers.push(timer);
  }
}
