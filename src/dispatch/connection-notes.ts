import type { HourCount, SteadyConnection } from "../db/hot-statements.ts";

const HOUR_MS = 60 * 60 * 1000;
/** A connection that is well is written this often at most, however many deliveries succeed. */
const NOTE_EVERY_MS = 1000;
/** Connections remembered; those with nothing to write are forgotten first. */
const REMEMBERED_MAX = 20_000;

/** What attempts of one connection came to, as far as its row and its hours are concerned. */
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
  /** Connections whose attempts go through `noteAttempts`, since something may change. */
  readonly full: readonly string[];
  readonly steady: readonly SteadyConnection[];
  readonly hours: readonly HourCount[];
  /** Remembers what was written, once it is committed. `isSteady` tells of each connection in `full`. */
  readonly commit: (isSteady: ReadonlyMap<string, boolean>, noLongerSteady: readonly string[]) => void;
};

export type ConnectionNotes = {
  readonly plan: (news: readonly ConnectionNews[], now: number, writeAll?: boolean) => NotePlan;
  /** Whether something waits to be written. */
  readonly hasUnwritten: () => boolean;
};

type Remembered = {
  isSteady: boolean;
  writtenAt: number;
  delivered: number;
  failed: number;
  lastFinishedAt: number;
};

/**
 * Decides what a commit writes of connections. As long as a receiver does nothing but succeed there is nothing to say
 * but how often and when last, and that is said once a second: a kill may lose a second's worth of these counts, never
 * a failure and never the state of a delivery.
 */
export function createConnectionNotes(): ConnectionNotes {
  const remembered = new Map<string, Remembered>();
  const unwritten = new Set<string>();

  const plan = (news: readonly ConnectionNews[], now: number, writeAll = false): NotePlan => {
    const byId = new Map(news.map((one) => [one.connectionId, one]));
    const full = new Set<string>();
    const steady: SteadyConnection[] = [];
    const hours: HourCount[] = [];
    const written = new Set<string>();
    const kept: ConnectionNews[] = [];
    // A time of which the clock has gone back since is over.
    const isDue = (id: string) =>
      writeAll || Math.abs(now - (remembered.get(id)?.writtenAt ?? 0)) >= NOTE_EVERY_MS;
    for (const one of news) {
      const known = remembered.get(one.connectionId);
      if (known?.isSteady !== true || one.failed > 0 || one.hasTest) full.add(one.connectionId);
      else if (!isDue(one.connectionId)) kept.push(one);
    }
    const keptIds = new Set(kept.map(({ connectionId }) => connectionId));
    for (const id of new Set([...byId.keys(), ...[...unwritten].filter(isDue)])) {
      if (keptIds.has(id)) continue;
      const one = byId.get(id);
      const known = remembered.get(id);
      written.add(id);
      const lastFinishedAt = one?.lastFinishedAt ?? known?.lastFinishedAt ?? now;
      const delivered = (known?.delivered ?? 0) + (one?.delivered ?? 0);
      const failed = (known?.failed ?? 0) + (one?.failed ?? 0);
      if (delivered + failed > 0) {
        hours.push({
          connectionId: id,
          hour: Math.floor(lastFinishedAt / HOUR_MS) * HOUR_MS,
          delivered,
          failed,
        });
      }
      if (!full.has(id)) steady.push({ id, lastFinishedAt });
    }
    return {
      full: [...full],
      steady,
      hours,
      commit: (isSteady, noLongerSteady) => {
        for (const id of written) {
          const state = remembered.get(id);
          const wasSteady = isSteady.get(id) ?? state?.isSteady ?? false;
          remembered.set(id, {
            isSteady: wasSteady && !noLongerSteady.includes(id),
            writtenAt: now,
            delivered: 0,
            failed: 0,
            lastFinishedAt: now,
          });
          unwritten.delete(id);
        }
        for (const one of kept) {
          const state = remembered.get(one.connectionId);
          if (state === undefined) continue;
          state.delivered += one.delivered;
          state.lastFinishedAt = one.lastFinishedAt;
          unwritten.add(one.connectionId);
        }
        forgetSome();
      },
    };
  };

  const forgetSome = () => {
    if (remembered.size <= REMEMBERED_MAX) return;
    for (const id of remembered.keys()) {
      if (remembered.size <= REMEMBERED_MAX / 2) break;
      if (!unwritten.has(id)) remembered.delete(id);
    }
  };

  return { plan, hasUnwritten: () => unwritten.size > 0 };
}
