/** Something with a deadline. */
export type Expiring = { expire(): void };

/**
 * Deadlines of equal length that share one timer. They end in the order they began, so the timer only ever waits for
 * the oldest, and a cleared deadline costs nothing more. The timer does not keep the process alive.
 */
export class Deadlines<Subject extends Expiring = Expiring> {
  readonly #durationMs: number;
  readonly #dueAt = new Map<Subject, number>();
  #timer: NodeJS.Timeout | null = null;

  constructor(durationMs: number) {
    this.#durationMs = durationMs;
  }

  /** Subjects that have not ended yet, oldest first. */
  underWay(): Iterable<Subject> {
    return this.#dueAt.keys();
  }

  start(subject: Subject): void {
    this.#dueAt.set(subject, performance.now() + this.#durationMs);
    if (this.#timer === null) this.#wait(this.#durationMs);
  }

  clear(subject: Subject): void {
    this.#dueAt.delete(subject);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#dueAt.clear();
  }

  #wait(durationMs: number): void {
    this.#timer = setTimeout(() => this.#expireDue(), Math.ceil(durationMs)).unref();
  }

  #expireDue(): void {
    const now = performance.now();
    for (const [subject, dueAt] of this.#dueAt) {
      if (dueAt > now) break;
      this.#dueAt.delete(subject);
      subject.expire();
    }
    this.#timer = null;
    const oldest = this.#dueAt.values().next();
    if (!oldest.done) this.#wait(oldest.value - now);
  }
}

/** Deadlines of a few different durations, one set for each. */
export class DeadlinesByDuration<Subject extends Expiring = Expiring> {
  readonly #byDurationMs = new Map<number, Deadlines<Subject>>();

  of(durationMs: number): Deadlines<Subject> {
    const known = this.#byDurationMs.get(durationMs);
    if (known !== undefined) return known;
    const deadlines = new Deadlines<Subject>(durationMs);
    this.#byDurationMs.set(durationMs, deadlines);
    return deadlines;
  }

  /** Subjects that have not ended yet; within a duration, oldest first. */
  *underWay(): Generator<Subject> {
    for (const deadlines of this.#byDurationMs.values()) yield* deadlines.underWay();
  }

  close(): void {
    for (const deadlines of this.#byDurationMs.values()) deadlines.close();
    this.#byDurationMs.clear();
  }
}
