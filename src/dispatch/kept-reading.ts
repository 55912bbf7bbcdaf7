/** How long a reading is reused. */
const KEPT_MS = 10_000;
/** A slow reading is repeated less often, so that it takes at most 1 % of the time. */
const KEPT_TIMES_COST = 100;

/** A cached reading, shared by callers that arrive together or soon after each other. */
export class KeptReading<Value> {
  readonly #readAnew: () => Promise<Value>;
  #kept: { readonly value: Value; readonly until: number } | null = null;
  #reading: Promise<Value> | null = null;

  constructor(readAnew: () => Promise<Value>) {
    this.#readAnew = readAnew;
  }

  async read(): Promise<Value> {
    if (this.#kept !== null && performance.now() < this.#kept.until) return this.#kept.value;
    this.#reading ??= this.#keepAnew().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #keepAnew(): Promise<Value> {
    const startedAt = performance.now();
    const value = await this.#readAnew();
    const cost = performance.now() - startedAt;
    this.#kept = { value, until: performance.now() + Math.max(KEPT_MS, cost * KEPT_TIMES_COST) };
    return value;
  }
}
