import type { HourCount, SteadyConnection } from "../db/hot-statements.ts";

const HOUR_MS = 60 * 60 * 1000;
/** A healthy connection is written at most this often, however many deliveries succeed. */
const NOTE_EVERY_MS = 1000;
/** Connections remembered; those with nothing to write are forgotten first. */
const REMEMBERED_MAX = 20_000;

/** The results of attempts at one connection, as far as its row and its hourly counts are concerned. */
export type ConnectionNews = {
  readonly connectionId: string;
  readonly delivered: number;
  readonly failed: number;
  /** A test is no traffic: it is not counted, but it is always written. */
  readonly hasTest: boolean;
  readonly lastFinishedAt: number;
};

/** What one commit writes of connections. */
export type NotePlan = {
  readonly now: number;
  /** Connections whose attempts go through `noteAttempts`, since something may change. */
  readonly full: readonly string[];
  readonly steady: readonly SteadyConnection[];
  readonly hours: readonly HourCount[];
  /** Every connection that is written, in one way or the other. */
  readonly written: readonly string[];
  /** Successes that are only counted in memory, to be written later. */
  readonly kept: readonly ConnectionNews[];
};

type Remembered = {
  isSteady: boolean;
  writtenAt: number;
  delivered: number;
  failed: number;
  lastFinishedAt: number;
};

/**
 * Decides what a commit writes of connections. While a receiver does nothing but succeed, only the number of deliveries and
 * the time of the last one change, and those are written once a second. A killed process may lose a second of these counts,
 * but never a failure and never the state of a delivery.
 */
export class ConnectionNotes {
  readonly #remembered = new Map<string, Remembered>();
  readonly #unwritten = new Set<string>();

  get hasUnwritten(): boolean {
    return this.#unwritten.size > 0;
  }

  plan(news: readonly ConnectionNews[], now: number, writeAll = false): NotePlan {
    const isDue = (id: string) => writeAll || this.#isDue(id, now);
    const full = new Set(news.filter((one) => this.#mayChange(one)).map(({ connectionId }) => connectionId));
    const kept = news.filter(({ connectionId }) => !full.has(connectionId) && !isDue(connectionId));
    const keptIds = new Set(kept.map(({ connectionId }) => connectionId));
    const newsOf = new Map(news.map((one) => [one.connectionId, one]));
    const written = [...new Set([...newsOf.keys(), ...[...this.#unwritten].filter(isDue)])].filter(
      (id) => !keptIds.has(id),
    );
    const counts = written.map((id) => this.#count(id, newsOf.get(id), now));
    return {
      now,
      full: [...full],
      steady: counts
        .filter(({ connectionId }) => !full.has(connectionId))
        .map(({ connectionId, lastFinishedAt }) => ({ id: connectionId, lastFinishedAt })),
      hours: counts.filter(({ delivered, failed }) => delivered + failed > 0).map(toHour),
      written,
      kept,
    };
  }

  /**
   * Remembers what a plan has written, once that is committed. `isSteady` tells for each connection in `full` whether it is
   * healthy now; `noLongerSteady` are those in `steady` that turned out not to be.
   */
  committed(plan: NotePlan, isSteady: ReadonlyMap<string, boolean>, noLongerSteady: readonly string[]): void {
    for (const id of plan.written) {
      const wasSteady = isSteady.get(id) ?? this.#remembered.get(id)?.isSteady ?? false;
      this.#remembered.set(id, {
        isSteady: wasSteady && !noLongerSteady.includes(id),
        writtenAt: plan.now,
        delivered: 0,
        failed: 0,
        lastFinishedAt: plan.now,
      });
      this.#unwritten.delete(id);
    }
    for (const one of plan.kept) this.#keep(one);
    this.#forgetSome();
  }

  #mayChange({ connectionId, failed, hasTest }: ConnectionNews): boolean {
    return this.#remembered.get(connectionId)?.isSteady !== true || failed > 0 || hasTest;
  }

  /** After the clock was set back, a time of writing that is still to come counts as past. */
  #isDue(connectionId: string, now: number): boolean {
    return Math.abs(now - (this.#remembered.get(connectionId)?.writtenAt ?? 0)) >= NOTE_EVERY_MS;
  }

  /** What is kept of a connection together with its news. */
  #count(connectionId: string, news: ConnectionNews | undefined, now: number): Counted {
    const known = this.#remembered.get(connectionId);
    return {
      connectionId,
      delivered: (known?.delivered ?? 0) + (news?.delivered ?? 0),
      failed: (known?.failed ?? 0) + (news?.failed ?? 0),
      lastFinishedAt: news?.lastFinishedAt ?? known?.lastFinishedAt ?? now,
    };
  }

  #keep({ connectionId, delivered, lastFinishedAt }: ConnectionNews): void {
    const known = this.#remembered.get(connectionId);
    if (known === undefined) return;
    known.delivered += delivered;
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

type Counted = Omit<ConnectionNews, "hasTest">;

function toHour({ connectionId, delivered, failed, lastFinishedAt }: Counted): HourCount {
  return { connectionId, hour: Math.floor(lastFinishedAt / HOUR_MS) * HOUR_MS, delivered, failed };
}
