import { isAmong } from "../db/among.ts";
import type { Store } from "../db/open.ts";
import { HOUR_MS } from "../domain/statistics.ts";
import { comparedHours, isUsuallyBusy } from "../domain/usually-busy.ts";
import { INTERVAL_SECONDS } from "../statistics/rollups-table.ts";

/** Lookups per evaluation; the others follow in later evaluations. */
const LOOKUPS_MAX = 100;
const CACHED_MAX = 20_000;
/** Earlier events are no longer missed. */
const LOOKED_BACK_MS = 8 * 24 * HOUR_MS;

type CachedResult = { readonly silentSince: number; readonly hour: number; readonly isBusy: boolean };

/**
 * Detects unusual silences from the hourly statistics of the last seven days. Results are kept until the next full
 * hour, since only full hours are compared.
 */
export class SilenceReader {
  readonly #store: Pick<Store, "db" | "dialect">;
  readonly #cached = new Map<string, CachedResult>();

  constructor(store: Pick<Store, "db" | "dialect">) {
    this.#store = store;
  }

  /** From connections and the times of their last attempts, selects those that usually have attempts at this time. */
  async ofConnections(
    workspaceId: string,
    lastActive: ReadonlyMap<string, number>,
    now: number,
  ): Promise<ReadonlyMap<string, number>> {
    const uncached = [...lastActive].filter(([id, since]) => this.#find(id, since, now) === null);
    const looked = uncached.slice(0, LOOKUPS_MAX);
    const compared = new Map(looked.map(([id, since]) => [id, comparedHours(since, now)]));
    const hours = new Set([...compared.values()].flat(2));
    const busy =
      hours.size === 0 ? new Map() : await this.#busyHours(workspaceId, [...compared.keys()], [...hours]);
    for (const [id, since] of looked) {
      this.#cache(id, since, now, isUsuallyBusy(busy.get(id) ?? new Set(), compared.get(id) ?? []));
    }
    return new Map([...lastActive].filter(([id, since]) => this.#find(id, since, now) === true));
  }

  /** The time of the workspace's last event, if events usually arrive at this time; null if none is missed. */
  async ofWorkspace(workspaceId: string, now: number): Promise<number | null> {
    const since = await this.#lastEventAt(workspaceId, now);
    if (since === null) return null;
    const cached = this.#find(workspaceId, since, now);
    if (cached !== null) return cached ? since : null;
    const compared = comparedHours(since, now);
    const hours = compared.flat();
    const rows =
      hours.length === 0
        ? []
        : await this.#selectHours(workspaceId)
            .select("start")
            .where("view", "=", "total")
            .where("outcome", "=", "accepted")
            .where("start", "in", hours)
            .execute();
    const isBusy = isUsuallyBusy(new Set(rows.map(({ start }) => Number(start))), compared);
    this.#cache(workspaceId, since, now, isBusy);
    return isBusy ? since : null;
  }

  #selectHours(workspaceId: string) {
    return this.#store.db
      .selectFrom("statistics")
      .where("workspace_id", "=", workspaceId)
      .where("interval_seconds", "=", INTERVAL_SECONDS.hour);
  }

  async #busyHours(
    workspaceId: string,
    connectionIds: readonly string[],
    hours: readonly number[],
  ): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
    const rows = await this.#selectHours(workspaceId)
      .select(["connection_id", "start"])
      .where("view", "=", "connection")
      .where("start", "in", hours)
      .where((eb) => isAmong(this.#store.dialect, eb.ref("connection_id"), connectionIds))
      .execute();
    const byConnection = Map.groupBy(rows, ({ connection_id: id }) => id);
    return new Map(
      [...byConnection].map(([id, found]) => [id, new Set(found.map(({ start }) => Number(start)))]),
    );
  }

  /** To the minute if minutes are still kept, or else to the end of the hour. */
  async #lastEventAt(workspaceId: string, now: number): Promise<number | null> {
    for (const interval of ["minute", "hour"] as const) {
      const seconds = INTERVAL_SECONDS[interval];
      const row = await this.#store.db
        .selectFrom("statistics")
        .select("start")
        .where("workspace_id", "=", workspaceId)
        .where("interval_seconds", "=", seconds)
        .where("view", "=", "total")
        .where("outcome", "=", "accepted")
        .where("start", ">=", now - LOOKED_BACK_MS)
        .orderBy("start", "desc")
        .limit(1)
        .executeTakeFirst();
      if (row !== undefined) return Math.min(now, Number(row.start) + seconds * 1000);
    }
    return null;
  }

  /** Null if unknown for this silence and hour. */
  #find(key: string, silentSince: number, now: number): boolean | null {
    const cached = this.#cached.get(key);
    return cached?.silentSince === silentSince && cached.hour === hourOf(now) ? cached.isBusy : null;
  }

  #cache(key: string, silentSince: number, now: number, isBusy: boolean): void {
    if (this.#cached.size >= CACHED_MAX) this.#cached.clear();
    this.#cached.set(key, { silentSince, hour: hourOf(now), isBusy });
  }
}

function hourOf(time: number): number {
  return Math.floor(time / HOUR_MS);
}
