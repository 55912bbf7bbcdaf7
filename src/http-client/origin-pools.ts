import type { DialContext } from "./dial.ts";
import { OriginPool } from "./origin-pool.ts";
import type { UrlTarget } from "./url-policy.ts";

/** A bounded number of pools by origin: opening one too many retires the least recently used. */
export class OriginPools {
  readonly #context: DialContext;
  readonly #originsMax: number;
  /** Least recently used first. */
  readonly #pools = new Map<string, OriginPool>();
  /** Take no new requests, but finish those in progress. */
  readonly #retired = new Set<OriginPool>();
  #newest: string | null = null;

  constructor(context: DialContext, originsMax: number) {
    this.#context = context;
    this.#originsMax = originsMax;
  }

  find(origin: string): OriginPool | null {
    const pool = this.#pools.get(origin);
    if (pool === undefined) return null;
    if (origin !== this.#newest) {
      this.#pools.delete(origin);
      this.#pools.set(origin, pool);
      this.#newest = origin;
    }
    return pool;
  }

  open(origin: string, target: UrlTarget): OriginPool {
    const pool = new OriginPool(new URL(origin), target, this.#context, (emptied) => {
      this.#retired.delete(emptied);
      if (this.#pools.get(origin) === emptied) this.#pools.delete(origin);
    });
    this.#pools.set(origin, pool);
    this.#newest = origin;
    for (const [oldest, old] of this.#pools) {
      if (this.#pools.size <= this.#originsMax) break;
      this.#pools.delete(oldest);
      this.#retired.add(old);
      old.retire();
    }
    return pool;
  }

  close(): void {
    for (const pool of [...this.#pools.values(), ...this.#retired]) pool.close();
  }
}
