import type { SteadyConnection } from "../db/hot-statements.ts";

/** The row of a healthy connection is written at most this often, however many deliveries succeed. */
const UPDATE_EVERY_MS = 1000;
/** Connections remembered; those with nothing to write are forgotten first. */
const REMEMBERED_MAX = 20_000;

/** The results of attempts at one connection, as far as they affect its row. */
export type ConnectionResults = {
  readonly connectionId: string;
  /** Whether one of them failed or was a test: such results are always written. */
  readonly isNotable: boolean;
  readonly lastFinishedAt: number;
};

/** The connections that one commit writes. */
export type UpdatePlan = {
  readonly now: number;
  /** Connections whose attempts go through `recordResults`, since their state may change. */
  readonly full: readonly string[];
  readonly steady: readonly SteadyConnection[];
  /** Every connection that is written, in either way. */
  readonly written: readonly string[];
  /** Successes that are only remembered and written later. */
  readonly postponed: readonly ConnectionResults[];
};

type Remembered = {
  isSteady: boolean;
  writtenAt: number;
  lastFinishedAt: number;
};

/**
 * Decides which connections a commit writes. While all attempts succeed, only the time of the last success changes, and
 * that is written once per second.
 */
export class ConnectionUpdates {
  readonly #remembered = new Map<string, Remembered>();
  readonly #unwritten = new Set<string>();

  get hasUnwritten(): boolean {
    return this.#unwritten.size > 0;
  }

  plan(results: readonly ConnectionResults[], now: number, writeAll = false): UpdatePlan {
    const isDue = (id: string) => writeAll || this.#isDue(id, now);
    const full = new Set(
      results.filter((one) => this.#mayChange(one)).map(({ connectionId }) => connectionId),
    );
    const postponed = results.filter(({ connectionId }) => !full.has(connectionId) && !isDue(connectionId));
    const postponedIds = new Set(postponed.map(({ connectionId }) => connectionId));
    const resultsOf = new Map(results.map((one) => [one.connectionId, one]));
    const written = [...new Set([...resultsOf.keys(), ...[...this.#unwritten].filter(isDue)])].filter(
      (id) => !postponedIds.has(id),
    );
    return {
      now,
      full: [...full],
      steady: written
        .filter((id) => !full.has(id))
        .map((id) => ({ id, lastFinishedAt: this.#lastFinishedAt(id, resultsOf.get(id), now) })),
      written,
      postponed,
    };
  }

  /**
   * Remembers a plan once it is committed. `isSteady` says for each connection in `full` whether it is healthy now;
   * `noLongerSteady` lists those in `steady` that turned out not to be.
   */
  committed(
    plan: UpdatePlan,
    isSteady: ReadonlyMap<string, boolean>,
    noLongerSteady: readonly string[],
  ): void {
    for (const id of plan.written) {
      const wasSteady = isSteady.get(id) ?? this.#remembered.get(id)?.isSteady ?? false;
      this.#remembered.set(id, {
        isSteady: wasSteady && !noLongerSteady.includes(id),
        writtenAt: plan.now,
        lastFinishedAt: plan.now,
      });
      this.#unwritten.delete(id);
    }
    for (const one of plan.postponed) this.#postpone(one);
    this.#forgetSome();
  }

  #mayChange({ connectionId, isNotable }: ConnectionResults): boolean {
    return this.#remembered.get(connectionId)?.isSteady !== true || isNotable;
  }

  /** After the clock was set back, a last write in the future counts as past. */
  #isDue(connectionId: string, now: number): boolean {
    return Math.abs(now - (this.#remembered.get(connectionId)?.writtenAt ?? 0)) >= UPDATE_EVERY_MS;
  }

  #lastFinishedAt(connectionId: string, results: ConnectionResults | undefined, now: number): number {
    return results?.lastFinishedAt ?? this.#remembered.get(connectionId)?.lastFinishedAt ?? now;
  }

  #postpone({ connectionId, lastFinishedAt }: ConnectionResults): void {
    const known = this.#remembered.get(connectionId);
    if (known === undefined) return;
    known.lastFinishedAt = lastFinishedAt;
    this.#unwritten.add(connectionId);
  }

  #forgetSome(): void {
    if (this.#remembered.size <= REMEMBERED_MAX) return;
    for (const id of this.#remembered.keys()) {
      if (this.#remembered.size <= REMEMBERED_MAX / 2) break;
      if (!this.#unwritten.has(id)) this.#remembered.delete(id);
    }
  }
}
