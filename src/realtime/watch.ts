import type { ChangeKind } from "../domain/publish-change.ts";
import { type Changed, ChangeLog, keyOf } from "./change-log.ts";
import type { LiveAttempt } from "./live-attempts.ts";
import type { ChangedRow } from "./read-changed.ts";
import { type ChangeFilter, type SendChanges, type SentChange, Subscriber } from "./subscriber.ts";

/** Delay of a single change, so that the other changes of its commit are sent with it. */
const GATHERED_MS = 20;
const FLUSH_EVERY_MS = 200;
/** After a reset a subscriber reads whole pages again, and a database that does not respond gets a pause. */
const FLUSH_AFTER_TROUBLE_MS = 1000;
/** Rows read together for subscribers at different positions; the others come next. */
const ROWS_PER_FLUSH_MAX = 400;
/** A workspace is watched for this long after its last subscriber, in case a connection was cut. */
const WATCHED_AFTER_MS = 60_000;

/** Reads the current rows of objects that changed. */
type ReadRows = (objects: readonly Changed[]) => Promise<readonly ChangedRow[]>;

/** A subscriber, and the changes it has not been sent yet. */
type Served = { readonly subscriber: Subscriber; readonly pending: readonly Changed[] };

/** A watched workspace: the log of its changes, and its subscribers in this process. */
export class Watch {
  readonly #readRows: ReadRows;
  readonly #onError: (error: unknown) => void;
  readonly #log = new ChangeLog();
  readonly #subscribers = new Set<Subscriber>();
  #timer: NodeJS.Timeout | null = null;
  #isFlushing = false;
  /** By the monotonic clock, as is `#endsAt`. */
  #flushNotBefore = 0;
  #endsAt = 0;

  constructor(readRows: ReadRows, onError: (error: unknown) => void) {
    this.#readRows = readRows;
    this.#onError = onError;
  }

  /** Whether no one has watched for so long that the log can be forgotten. */
  get isExpired(): boolean {
    return this.#subscribers.size === 0 && this.#endsAt < performance.now();
  }

  append(kind: ChangeKind, ids: readonly string[]): void {
    this.#log.append(kind, ids);
    this.#schedule();
  }

  /** Call when changes may have been missed: every subscriber is reset. */
  addGap(): void {
    this.#log.addGap();
    this.#schedule();
  }

  sendAttempt(attempt: LiveAttempt): void {
    const change = { kind: "attempt", row: attempt, id: null } as const;
    for (const subscriber of this.#subscribers) subscriber.sendAttempt(change);
  }

  subscribe(filter: ChangeFilter, lastId: string | null, send: SendChanges): Subscriber {
    const subscriber = new Subscriber(this.#log, filter, lastId, send);
    this.#subscribers.add(subscriber);
    this.#schedule();
    return subscriber;
  }

  resume(subscriber: Subscriber): void {
    subscriber.resume();
    this.#schedule();
  }

  /** Returns false if it was already unsubscribed. */
  unsubscribe(subscriber: Subscriber): boolean {
    if (!this.#subscribers.delete(subscriber)) return false;
    this.#endsAt = performance.now() + WATCHED_AFTER_MS;
    return true;
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#subscribers.clear();
  }

  #schedule(): void {
    if (this.#timer !== null || this.#isFlushing) return;
    if (!this.#subscribers.values().some((subscriber) => subscriber.waits)) return;
    const delayMs = Math.max(GATHERED_MS, this.#flushNotBefore - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#flush();
    }, delayMs);
  }

  async #flush(): Promise<void> {
    this.#isFlushing = true;
    let isCalm = false;
    try {
      isCalm = await this.#sendPending();
    } catch (error) {
      this.#onError(error);
    }
    this.#flushNotBefore = performance.now() + (isCalm ? FLUSH_EVERY_MS : FLUSH_AFTER_TROUBLE_MS);
    this.#isFlushing = false;
    this.#schedule();
  }

  /** Returns false when a subscriber could not keep up. */
  async #sendPending(): Promise<boolean> {
    const { sequence } = this.#log;
    let isCalm = true;
    const wanted = new Map<string, Changed>();
    const served: Served[] = [];
    for (const subscriber of this.#subscribers) {
      if (!subscriber.waits) continue;
      const pending = subscriber.pending();
      if (pending === null) {
        // A subscriber with a position of another log does not mean trouble.
        if (subscriber.position !== null) isCalm = false;
        subscriber.reset(sequence);
      } else if (wanted.size === 0 || wanted.size + pending.length <= ROWS_PER_FLUSH_MAX) {
        served.push({ subscriber, pending });
        for (const changed of pending) wanted.set(keyOf(changed.kind, changed.id), changed);
      }
    }
    const rows = await this.#readWanted(wanted, sequence);
    for (const { subscriber, pending } of served) {
      if (this.#subscribers.has(subscriber)) subscriber.send(pending, rows, sequence);
    }
    return isCalm;
  }

  async #readWanted(
    wanted: ReadonlyMap<string, Changed>,
    sequence: number,
  ): Promise<ReadonlyMap<string, SentChange>> {
    const rows = new Map<string, SentChange>();
    for (const changed of await this.#readRows([...wanted.values()])) {
      const key = keyOf(changed.kind, changed.row.id);
      rows.set(key, { ...changed, id: this.#log.idOf(wanted.get(key)?.sequence ?? sequence) });
    }
    return rows;
  }
}
