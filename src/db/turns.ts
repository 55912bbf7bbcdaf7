import { setTimeout as sleep } from "node:timers/promises";

/** How long one piece of work can occupy the event loop before others get a turn. */
const TURN_MS = 1.5;
/** How long a piece waits for requests of other parties, which pass through the loop many times before their response. */
const WAIT_MAX_MS = 6;
/**
 * While others have sent within `OTHERS_WITHIN_MS`, background work pauses for a multiple of the time it worked, up to
 * a maximum.
 */
const PAUSE_FACTOR = 30;
const PAUSE_MAX_MS = 100;
const OTHERS_WITHIN_MS = 200;

/**
 * Work that would occupy the event loop for long is done in pieces, one per round of the loop, however many there are.
 * Parties take turns, so one with much to do delays another by one piece only, and a piece lets other parties' requests
 * go first for a few milliseconds.
 */
export class Turns {
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #active = new Map<string, number>();
  readonly #waitMaxMs: number;
  #isScheduled = false;
  /** The last two parties that sent a request, and when. */
  #last = { party: "", at: Number.NEGATIVE_INFINITY };
  #before = this.#last;

  constructor(waitMaxMs: number = WAIT_MAX_MS) {
    this.#waitMaxMs = waitMaxMs;
  }

  /** Notes that a request of this party is being handled. Returns a function that ends this. */
  enter(party: string): () => void {
    this.#active.set(party, (this.#active.get(party) ?? 0) + 1);
    if (this.#last.party !== party) this.#before = this.#last;
    this.#last = { party, at: performance.now() };
    return () => {
      const left = (this.#active.get(party) ?? 0) - 1;
      if (left > 0) this.#active.set(party, left);
      else this.#active.delete(party);
    };
  }

  /** Whether another party has sent a request within this time, in milliseconds. */
  haveOthersSent(party: string, withinMs: number): boolean {
    const { at } = this.#last.party === party ? this.#before : this.#last;
    return performance.now() - at < withinMs;
  }

  /** Resolves when it is this party's turn; its work should then take a few milliseconds at most. */
  next(party: string): Promise<void> {
    return new Promise((resolve) => {
      const queue = this.#waiting.get(party);
      if (queue === undefined) this.#waiting.set(party, [resolve]);
      else queue.push(resolve);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.size === 0) return;
    this.#isScheduled = true;
    const since = performance.now();
    const look = () => {
      const [party] = this.#waiting.keys();
      if (
        party !== undefined &&
        this.#areOthersActive(party) &&
        performance.now() - since < this.#waitMaxMs
      ) {
        setImmediate(look);
        return;
      }
      this.#isScheduled = false;
      this.#begin();
    };
    setImmediate(look);
  }

  #begin(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    const [party, queue] = first;
    const begin = queue.shift();
    this.#waiting.delete(party);
    if (queue.length > 0) this.#waiting.set(party, queue);
    this.#schedule();
    begin?.();
  }

  #areOthersActive(party: string): boolean {
    return this.#active.size > (this.#active.has(party) ? 1 : 0);
  }
}

/** One event loop per process, and so one queue for it. */
export const processTurns = new Turns();

/** Work of one party that checks now and then whether its turn has ended. */
export class LongWork {
  readonly #party: string;
  readonly #turns: Turns;
  #turnEndsAt = performance.now() + TURN_MS;

  constructor(party: string, turns: Turns = processTurns) {
    this.#party = party;
    this.#turns = turns;
  }

  /** Null while the turn lasts; otherwise resolves when the next one begins. */
  pause(): Promise<void> | null {
    return performance.now() < this.#turnEndsAt ? null : this.nextTurn();
  }

  async nextTurn(): Promise<void> {
    await this.#turns.next(this.#party);
    this.#turnEndsAt = performance.now() + TURN_MS;
  }
}

/** Work that is not urgent, in steps of a few milliseconds: while others send, it takes a thirtieth of the time. */
export class BackgroundWork {
  readonly #party: string;
  readonly #turns: Turns;
  #stepBeganAt = performance.now();

  constructor(party: string, turns: Turns = processTurns) {
    this.#party = party;
    this.#turns = turns;
  }

  /** Resolves when the next step can begin. */
  async nextStep(): Promise<void> {
    if (this.#turns.haveOthersSent(this.#party, OTHERS_WITHIN_MS)) {
      await sleep(Math.min(PAUSE_MAX_MS, PAUSE_FACTOR * (performance.now() - this.#stepBeganAt)));
    }
    await this.#turns.next(this.#party);
    this.#stepBeganAt = performance.now();
  }
}
