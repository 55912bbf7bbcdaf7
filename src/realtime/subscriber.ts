import { wantsAttempt } from "./attempt-interest.ts";
import { type Changed, type ChangeLog, keyOf } from "./change-log.ts";
import type { LiveAttempt } from "./live-attempts.ts";
import type { ChangedRow } from "./read-changed.ts";

/** The part of a workspace's changes that is wanted; null matches everything. */
export type ChangeFilter = { readonly connectionId: string | null; readonly deliveryId: string | null };

/** One message to a subscriber; a reset means that the subscriber may have missed changes. */
export type SentChange =
  | ((ChangedRow | { readonly kind: "reset" }) & {
      /** The position after this message. */
      readonly id: string;
    })
  /** Not part of any log, so it does not advance the position. */
  | { readonly kind: "attempt"; readonly row: LiveAttempt; readonly id: null };

/** Returns whether it accepts more; if not, it calls `resume` when it does. */
export type SendChanges = (changes: readonly SentChange[]) => boolean;

/** Most rows sent together; more cause a gap. */
const ROWS_PER_SEND_MAX = 200;

export class Subscriber {
  readonly #log: ChangeLog;
  readonly #filter: ChangeFilter;
  readonly #send: SendChanges;
  /** Everything up to here was sent. A position outside the log, -1, has gaps. */
  #position: number;
  #isFull = false;

  constructor(log: ChangeLog, filter: ChangeFilter, lastId: string | null, send: SendChanges) {
    this.#log = log;
    this.#filter = filter;
    this.#send = send;
    this.#position = lastId === null ? log.sequence : (log.read(lastId) ?? -1);
  }

  get waits(): boolean {
    return !this.#isFull && this.#position < this.#log.sequence;
  }

  /** Where it would continue; null if a reset must come first. */
  get position(): string | null {
    return this.#position === -1 ? null : this.#log.idOf(this.#position);
  }

  /** The changes not sent yet; null if there are gaps. */
  pending(): readonly Changed[] | null {
    return this.#log.since(this.#position, ROWS_PER_SEND_MAX, (changed) => this.#mayWant(changed));
  }

  reset(sequence: number): void {
    this.#position = sequence;
    this.#isFull = !this.#send([{ kind: "reset", id: this.#log.idOf(sequence) }]);
  }

  /** Sends the changes that were pending when the log ended at `sequence`. */
  send(pending: readonly Changed[], rows: ReadonlyMap<string, SentChange>, sequence: number): void {
    this.#position = sequence;
    const changes = pending.flatMap(({ kind, id }) => rows.get(keyOf(kind, id)) ?? []);
    const wanted = changes.filter((change) => this.#wants(change));
    if (wanted.length > 0) this.#isFull = !this.#send(wanted);
  }

  /** Sends an attempt in flight. Left out while the subscriber accepts nothing, since `resume` asks for it again. */
  sendAttempt(change: Extract<SentChange, { kind: "attempt" }>): void {
    if (this.#isFull || !wantsAttempt(this.#filter, change.row)) return;
    this.#isFull = !this.#send([change]);
  }

  resume(): void {
    this.#isFull = false;
  }

  /** Whether a change may be wanted, as far as this is known before the object is read. */
  #mayWant({ kind, id }: Changed): boolean {
    const { connectionId, deliveryId } = this.#filter;
    if (deliveryId !== null) return kind === "delivery" && id === deliveryId;
    if (connectionId === null) return true;
    return kind === "delivery" || (kind === "connection" && id === connectionId);
  }

  #wants(change: SentChange): boolean {
    const { connectionId } = this.#filter;
    return connectionId === null || change.kind !== "delivery" || change.row.connectionId === connectionId;
  }
}
