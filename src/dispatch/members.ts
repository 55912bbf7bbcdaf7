import { TIMEOUT_SECONDS_DEFAULT, TIMEOUT_SECONDS_MAX } from "../domain/connection.ts";
import { chooseProcess } from "../domain/rendezvous.ts";

/** A worker whose last heartbeat is so old starts no requests and reads no queue: others may soon take it for gone. */
export const VALID_FOR_MS = 5000;
/**
 * A worker without a heartbeat for so long is gone, and its connections are others', unless it is known to have ended before.
 * What it sent with the usual timeout before it stopped by itself has ended by then; connections with a longer one are taken
 * over later.
 */
export const SILENT_AFTER_MS = VALID_FOR_MS + TIMEOUT_SECONDS_DEFAULT * 1000;
/** The last requests of a worker have ended so long after its last heartbeat. */
const SENDING_MAX_MS = VALID_FOR_MS + TIMEOUT_SECONDS_MAX * 1000;

/** What stands in the database of a worker that has not stopped in order. */
export type WorkerRow = {
  readonly id: string;
  readonly boot_id: string;
  readonly host: string;
  readonly pid: number;
  /** The time of its last heartbeat, and that of the read, by the database's clock. */
  readonly heard_at: number;
  readonly read_at: number;
  readonly members: string;
  readonly holding: string;
};

type OtherMember = {
  readonly id: string;
  /** Those it shares the connections out among; empty until it has read who is there. */
  readonly members: readonly string[];
  /** Connections that are not its own any more and of which something is under way there. */
  readonly holding: ReadonlySet<string>;
};

/** A worker that is not heard any more, and not known to have ended: its last requests may still be under way. */
type SilentWorker = OtherMember & {
  /** When its last heartbeat was at the latest. */
  readonly heardAt: number;
};

type Seen = { readonly heardAt: number; readonly changedAt: number };

/** What a change of the members means to anyone who sends. */
export type MembersChange = {
  readonly before: readonly string[];
  /** Of those, the ones that ended without a word. */
  readonly died: readonly string[];
};

/**
 * The workers that share the connections out, as one of them sees them. Who is there is judged by the database's clock, or by
 * heartbeats that are seen to change; the clocks of the workers' machines may differ. Times of `at` are of the monotonic clock.
 */
export class Members {
  readonly #own: string;
  readonly #hasEnded: (row: WorkerRow) => boolean;
  /** Sorted, this one among them. */
  #ids: readonly string[];
  #others: readonly OtherMember[] = [];
  #silent: readonly SilentWorker[] = [];
  #seen = new Map<string, Seen>();
  #graceUntil = 0;

  /** `hasEnded` tells of a worker that it is known to have ended, however recent its heartbeat. */
  constructor(own: string, hasEnded: (row: WorkerRow) => boolean) {
    this.#own = own;
    this.#hasEnded = hasEnded;
    this.#ids = [own];
  }

  get ids(): readonly string[] {
    return this.#ids;
  }

  /** Until then silence means nothing: this one could not hear the others itself. */
  grantGrace(until: number): void {
    this.#graceUntil = until;
  }

  /** Goes by what stands in the database. Null when the members are those of before. */
  read(rows: readonly WorkerRow[], at: number): MembersChange | null {
    const missed = rows.filter((row) => !this.#seen.has(row.id) && isRecent(row) && this.#hasEnded(row));
    this.#seen = new Map(rows.map((row) => [row.id, this.#observe(row, at)]));
    const heard = rows.filter((row) => row.id !== this.#own && this.#isHeard(row, at));
    this.#others = heard.map(toMember);
    this.#silent = rows
      .filter((row) => row.id !== this.#own && !heard.includes(row) && !this.#hasEnded(row))
      .map((row) => ({ ...toMember(row), heardAt: this.#heardAt(row, at) }))
      .filter(({ heardAt }) => at - heardAt < SENDING_MAX_MS);
    // One that ended just before this one looked for the first time had connections too.
    const before = [...new Set([...this.#ids, ...missed.map(({ id }) => id)])].sort();
    this.#ids = [this.#own, ...heard.map(({ id }) => id)].sort();
    if (areSame(before, this.#ids)) return null;
    const unstopped = new Set(rows.map(({ id }) => id));
    return { before, died: before.filter((id) => !this.#ids.includes(id) && unstopped.has(id)) };
  }

  /** Whether a connection is this worker's: each is worked by one, so that limits and order hold across processes. */
  own(connectionId: string): boolean {
    return this.#ids.length <= 1 || chooseProcess(this.#ids, connectionId) === this.#own;
  }

  /** Whether another goes by members that make a connection its own, or has something of it under way. */
  mayBeWorkedElsewhere(connectionId: string): boolean {
    return this.#others.some(
      ({ id, members, holding }) =>
        holding.has(connectionId) ||
        (!areSame(members, this.#ids) && chooseProcess(members, connectionId) === id),
    );
  }

  /** Until when a worker that is silent may still have requests under way of a connection with this timeout. */
  mayBeSentElsewhereUntil(connectionId: string, timeoutMs: number): number {
    const sending = this.#silent.filter(
      ({ id, members, holding }) => holding.has(connectionId) || chooseProcess(members, connectionId) === id,
    );
    return Math.max(
      Number.NEGATIVE_INFINITY,
      ...sending.map(({ heardAt }) => heardAt + VALID_FOR_MS + timeoutMs),
    );
  }

  /** Whether connections are changing hands. */
  get isSettling(): boolean {
    return this.#others.some(({ members, holding }) => holding.size > 0 || !areSame(members, this.#ids));
  }

  #observe({ id, heard_at: heardAt }: WorkerRow, at: number): Seen {
    const known = this.#seen.get(id);
    if (known === undefined) return { heardAt, changedAt: Number.NEGATIVE_INFINITY };
    return heardAt > known.heardAt ? { heardAt, changedAt: at } : { ...known, heardAt };
  }

  #heardAt({ id, heard_at: heardAt, read_at: readAt }: WorkerRow, at: number): number {
    const changedAt = this.#seen.get(id)?.changedAt ?? Number.NEGATIVE_INFINITY;
    return Math.max(changedAt, at - Math.abs(readAt - heardAt));
  }

  #isHeard(row: WorkerRow, at: number): boolean {
    const { id } = row;
    if (this.#hasEnded(row)) return false;
    if (isRecent(row)) return true;
    const changedAt = this.#seen.get(id)?.changedAt ?? Number.NEGATIVE_INFINITY;
    return at - changedAt < SILENT_AFTER_MS || (at < this.#graceUntil && this.#ids.includes(id));
  }
}

function toMember({ id, members, holding }: WorkerRow): OtherMember {
  return {
    id,
    members: JSON.parse(members) as string[],
    holding: new Set(JSON.parse(holding) as string[]),
  };
}

/** By the database's clock. */
function isRecent({ heard_at: heardAt, read_at: readAt }: WorkerRow): boolean {
  return Math.abs(readAt - heardAt) < SILENT_AFTER_MS;
}

function areSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index]);
}
