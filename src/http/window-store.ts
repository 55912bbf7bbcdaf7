import type { FastifyRateLimitStore } from "@fastify/rate-limit";

/** Callers remembered; beyond that, the one seen least recently starts anew. */
const CALLERS_MAX = 20_000;

type Window = { count: number; readonly startedAt: number };

/**
 * Counts requests in windows of the monotonic clock, so that setting the system clock back does not prolong a window.
 * Each caller gets its own count: the library's own store shares one object among concurrent requests, which would all
 * be judged by the last of them.
 */
export class WindowStore implements FastifyRateLimitStore {
  readonly #windows = new Map<string, Window>();

  incr(
    key: string,
    callback: (error: Error | null, result?: { current: number; ttl: number }) => void,
    windowMs: number,
  ): void {
    const now = performance.now();
    const known = this.#windows.get(key);
    const isOpen = known !== undefined && now - known.startedAt < windowMs;
    const window = isOpen ? known : { count: 0, startedAt: now };
    window.count++;
    this.#windows.delete(key);
    this.#windows.set(key, window);
    const [oldest] = this.#windows.keys();
    if (this.#windows.size > CALLERS_MAX && oldest !== undefined) this.#windows.delete(oldest);
    callback(null, { current: window.count, ttl: Math.ceil(window.startedAt + windowMs - now) });
  }

  child(): FastifyRateLimitStore {
    return new WindowStore();
  }
}
