import type { Database, Dialect } from "../db/open.ts";
import { HOUR_MS, OTHER } from "../domain/statistics.ts";
import { readRollups } from "../statistics/read-rollups.ts";
import { DaySum, EVERYTHING, startOfDay } from "./day-stats.ts";

/** Commits are folded within seconds, so an hour that ended this long ago no longer changes. */
const LIVE_HOURS = 2;
/** How long a result is reused, for the next page or another order. */
const CACHE_MS = 5000;
/** Workspaces in the cache; the most recently read ones are kept. */
const WORKSPACES_MAX = 100;

type Sums = ReadonlyMap<string, DaySum>;
type CachedSums = {
  readonly from: number;
  /** Sums of hours that no longer change. */
  readonly past: Sums;
  readonly all: Sums;
  readonly until: number;
};

/**
 * Attempts of each connection in the last 24 hours, for orders that depend on them. Past hours are summed once, so a
 * read costs that of two hours, however many connections there are.
 */
export class DaySums {
  readonly #deps: { readonly db: Database; readonly dialect: Dialect };
  readonly #cached = new Map<string, CachedSums>();
  readonly #reading = new Map<string, Promise<Sums>>();

  constructor(deps: { readonly db: Database; readonly dialect: Dialect }) {
    this.#deps = deps;
  }

  async read(workspaceId: string, now: number): Promise<Sums> {
    const cached = this.#cached.get(workspaceId);
    if (cached !== undefined && cached.from === startOfDay(now) && performance.now() < cached.until)
      return cached.all;
    const running = this.#reading.get(workspaceId);
    if (running !== undefined) return running;
    const reading = this.#refresh(workspaceId, now).finally(() => this.#reading.delete(workspaceId));
    this.#reading.set(workspaceId, reading);
    return reading;
  }

  async #refresh(workspaceId: string, now: number): Promise<Sums> {
    const from = startOfDay(now);
    const liveFrom = now - (now % HOUR_MS) - (LIVE_HOURS - 1) * HOUR_MS;
    const cached = this.#cached.get(workspaceId);
    const past = cached?.from === from ? cached.past : await this.#sum(workspaceId, from, liveFrom);
    const live = await this.#sum(workspaceId, liveFrom, now + 1);
    const all = new Map<string, DaySum>();
    for (const sums of [past, live]) {
      for (const [id, sum] of sums) sumOf(all, id).addAll(sum);
    }
    this.#cached.delete(workspaceId);
    this.#cached.set(workspaceId, { from, past, all, until: performance.now() + CACHE_MS });
    const [oldest] = this.#cached.keys();
    if (this.#cached.size > WORKSPACES_MAX && oldest !== undefined) this.#cached.delete(oldest);
    return all;
  }

  async #sum(workspaceId: string, from: number, to: number): Promise<Sums> {
    const range = { workspaceId, interval: "hour", from, to } as const;
    const reading = { filter: EVERYTHING, groupBy: "connection", groups: null, byStart: false } as const;
    const sums = new Map<string, DaySum>();
    for (const { group, outcome, counts } of await readRollups(this.#deps, range, reading)) {
      if (group !== OTHER && group !== "") sumOf(sums, group).add(outcome, counts);
    }
    return sums;
  }
}

function sumOf(sums: Map<string, DaySum>, id: string): DaySum {
  const known = sums.get(id);
  if (known !== undefined) return known;
  const sum = new DaySum();
  sums.set(id, sum);
  return sum;
}
