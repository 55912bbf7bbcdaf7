/** How long a reading is reused. */
const CACHED_MS = 10_000;
/** A slow reading is repeated less often, so that it takes at most 1 % of the time. */
const COST_FACTOR = 100;

/** A cached reading, shared by callers that arrive together or soon after each other. */
export class CachedReading<Value> {
  readonly #readSource: () => Promise<Value>;
  #cached: { readonly value: Value; readonly until: number } | null = null;
  #reading: Promise<Value> | null = null;

  constructor(readSource: () => Promise<Value>) {
    this.#readSource = readSource;
  }

  async read(): Promise<Value> {
    if (this.#cached !== null && performance.now() < this.#cached.until) return this.#cached.value;
    this.#reading ??= this.#refresh().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #refresh(): Promise<Value> {
    const startedAt = performance.now();
    const value = await this.#readSource();
    const cost = performance.now() - startedAt;
    this.#cached = { value, until: performance.now() + Math.max(CACHED_MS, cost * COST_FACTOR) };
    return value;
  }
}
