import { TIMEOUT_SECONDS_DEFAULT, TIMEOUT_SECONDS_MAX } from "../domain/connection.ts";
import { chooseProcess } from "../domain/rendezvous.ts";

/** A worker whose last heartbeat is older starts no requests and reads no queue: others may soon consider it gone. */
export const VALID_FOR_MS = 5000;
/**
 * A worker without a heartbeat for this long is gone, and others own its connections, unless it is known to have ended
 * before. The requests with the usual timeout that it started before it stopped by itself have ended by then;
 * connections with a longer timeout are taken over later.
 */
export const SILENT_AFTER_MS = VALID_FOR_MS + TIMEOUT_SECONDS_DEFAULT * 1000;
/** All requests of a worker have ended this long after its last heartbeat. */
const SENDING_MAX_MS = VALID_FOR_MS + TIMEOUT_SECONDS_MAX * 1000;

/** The row of a worker that has not been shut down. */
export type WorkerRow = {
  readonly id: string;
  readonly boot_id: string;
  readonly host: string;
  readonly pid: number;
  /** The times of its last heartbeat and of this read, by the database's clock. */
  readonly heard_at: number;
  readonly read_at: number;
  readonly members: string;
  readonly holding: string;
};

type OtherMember = {
  readonly id: string;
  /** The workers among which it shares the connections; empty until it has read the members. */
  readonly members: readonly string[];
  /** Connections that it no longer owns but still has deliveries of in flight. */
  readonly holding: ReadonlySet<string>;
};

/** A worker whose heartbeat is overdue and that is not known to have ended: its last requests may still be in flight. */
type SilentWorker = OtherMember & {
  /** The latest possible time of its last heartbeat. */
  readonly lastHeartbeatAt: number;
};

type Seen = { readonly heartbeatAt: number; readonly changedAt: number };

/** A change of the members, as the sending side needs it. */
export type MembersChange = {
  readonly before: readonly string[];
  /** Those of `before` that ended without a shutdown. */
  readonly died: readonly string[];
};

/**
 * The workers that share the connections, as one of them sees them. Whether a worker is alive is decided by the
 * database's clock, or by heartbeats that are seen to change, since the clocks of the workers' machines can differ.
 * Times named `at` are of the monotonic clock.
 */
export class Members {
  readonly #own: string;
  readonly #hasEnded: (row: WorkerRow) => boolean;
  /** Sorted, including this worker. */
  #ids: readonly string[];
  #others: readonly OtherMember[] = [];
  #silent: readonly SilentWorker[] = [];
  #seen = new Map<string, Seen>();
  #graceUntil = 0;

  /** `hasEnded` returns whether a worker is known to have ended, however recent its heartbeat. */
  constructor(own: string, hasEnded: (row: WorkerRow) => boolean) {
    this.#own = own;
    this.#hasEnded = hasEnded;
    this.#ids = [own];
  }

  get ids(): readonly string[] {
    return this.#ids;
  }

  /** Until this time silence is ignored, because this worker could not read heartbeats itself. */
  grantGrace(until: number): void {
    this.#graceUntil = until;
  }

  /** Adopts the members in the database. Null when they have not changed. */
  read(rows: readonly WorkerRow[], at: number): MembersChange | null {
    const missed = rows.filter((row) => !this.#seen.has(row.id) && isRecent(row) && this.#hasEnded(row));
    this.#seen = new Map(rows.map((row) => [row.id, this.#observe(row, at)]));
    const alive = rows.filter((row) => row.id !== this.#own && this.#isAlive(row, at));
    this.#others = alive.map(toMember);
    this.#silent = rows
      .filter((row) => row.id !== this.#own && !alive.includes(row) && !this.#hasEnded(row))
      .map((row) => ({ ...toMember(row), lastHeartbeatAt: this.#lastHeartbeatAt(row, at) }))
      .filter(({ lastHeartbeatAt }) => at - lastHeartbeatAt < SENDING_MAX_MS);
    // A worker that ended just before the first read had connections too.
    const before = [...new Set([...this.#ids, ...missed.map(({ id }) => id)])].sort();
    this.#ids = [this.#own, ...alive.map(({ id }) => id)].sort();
    if (areSame(before, this.#ids)) return null;
    const unstopped = new Set(rows.map(({ id }) => id));
    return { before, died: before.filter((id) => !this.#ids.includes(id) && unstopped.has(id)) };
  }

  /** Whether this worker owns a connection. Each has one owner, so that limits and order apply across processes. */
  own(connectionId: string): boolean {
    return this.#ids.length <= 1 || chooseProcess(this.#ids, connectionId) === this.#own;
  }

  /** Whether another worker's members make it the owner of a connection, or it still has deliveries of it in flight. */
  mayBeWorkedElsewhere(connectionId: string): boolean {
    return this.#others.some(
      ({ id, members, holding }) =>
        holding.has(connectionId) ||
        (!areSame(members, this.#ids) && chooseProcess(members, connectionId) === id),
    );
  }

  /** The time until which a silent worker may still have requests in flight for a connection with this timeout. */
  mayBeSentElsewhereUntil(connectionId: string, timeoutMs: number): number {
    const sending = this.#silent.filter(
      ({ id, members, holding }) => holding.has(connectionId) || chooseProcess(members, connectionId) === id,
    );
    return Math.max(
      Number.NEGATIVE_INFINITY,
      ...sending.map(({ lastHeartbeatAt }) => lastHeartbeatAt + VALID_FOR_MS + timeoutMs),
    );
  }

  /** Whether connections are changing owners. */
  get isSettling(): boolean {
    return this.#others.some(({ members, holding }) => holding.size > 0 || !areSame(members, this.#ids));
  }

  #observe({ id, heard_at: heartbeatAt }: WorkerRow, at: number): Seen {
    const known = this.#seen.get(id);
    if (known === undefined) return { heartbeatAt, changedAt: Number.NEGATIVE_INFINITY };
    return heartbeatAt > known.heartbeatAt ? { heartbeatAt, changedAt: at } : { ...known, heartbeatAt };
  }

  #lastHeartbeatAt({ id, heard_at: heartbeatAt, read_at: readAt }: WorkerRow, at: number): number {
    const changedAt = this.#seen.get(id)?.changedAt ?? Number.NEGATIVE_INFINITY;
    return Math.max(changedAt, at - Math.abs(readAt - heartbeatAt));
  }

  #isAlive(row: WorkerRow, at: number): boolean {
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
function isRecent({ heard_at: heartbeatAt, read_at: readAt }: WorkerRow): boolean {
  return Math.abs(readAt - heartbeatAt) < SILENT_AFTER_MS;
}

function areSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index]);
}
