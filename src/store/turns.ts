/** How long one piece of work may keep the event loop before others have their turn. */
const TURN_MS = 3;

/**
 * Work that would keep the event loop for long is done in pieces, of which one is done in each round of the loop, however
 * much of it there is. Parties take turns, so that one with much to do delays another by one piece.
 */
export class Turns {
  readonly #waiting = new Map<string, (() => void)[]>();
  #isScheduled = false;

  /** Resolves when it is this party's turn; what it does then should take a few milliseconds at most. */
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
    setImmediate(() => {
      this.#isScheduled = false;
      const [first] = this.#waiting;
      if (first === undefined) return;
      const [party, queue] = first;
      const begin = queue.shift();
      this.#waiting.delete(party);
      if (queue.length > 0) this.#waiting.set(party, queue);
      this.#schedule();
      begin?.();
    });
  }
}

/** A process has one event loop, and so one line of those who wait for it. */
export const processTurns = new Turns();

/** Work of one party that looks now and then whether its turn is over. */
export class LongWork {
  readonly #party: string;
  readonly #turns: Turns;
  #turnEndsAt = performance.now() + TURN_MS;

  constructor(party: string, turns: Turns = processTurns) {
    this.#party = party;
    this.#turns = turns;
  }

  /** Null while the turn lasts; else resolves when the next one begins. */
  pause(): Promise<void> | null {
    return performance.now() < this.#turnEndsAt ? null : this.nextTurn();
  }

  async nextTurn(): Promise<void> {
    await this.#turns.next(this.#party);
    this.#turnEndsAt = performance.now() + TURN_MS;
  }
}
