import { FairQueue } from "../domain/fair-queue.ts";
import { CommitPacer } from "./commit-pacer.ts";
import { isDatabaseUnavailable } from "./database-error.ts";

export type WriteQueueLimits<Item> = {
  readonly itemsMax: number;
  /** Per commit; a larger item is committed alone. */
  readonly bytesMax: number;
  readonly bytesOf: (item: Item) => number;
  /** The owner of an item. Owners take turns within a commit. */
  readonly ownerOf: (item: Item) => string;
  readonly commitsMax: number;
  /** Whether items gather in a busy process; false if the transactions below already do that. */
  readonly gathers: boolean;
  /** For items that are not urgent: they wait to be batched. */
  readonly patience?: Patience<Item>;
};

export type Patience<Item> = {
  /** Longest wait of the first item. */
  readonly ms: number;
  /** Number of items that end the wait. */
  readonly enough: number;
  /** Does not wait, and takes waiting items along. */
  readonly isUrgent: (item: Item) => boolean;
};

type Waiting<Item, Result> = {
  readonly item: Item;
  readonly bytes: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Lets concurrent callers share transactions: during a commit, new items gather for the next, so the cost per item
 * falls with the load. An item carries the ids it is written under. A caller's mistake is a result like any other,
 * never an exception, so it neither undoes nor repeats other items. When the database is unavailable, the batch fails
 * once, and everything that waits fails with it instead of batch by batch.
 */
export class WriteQueue<Item, Result> {
  readonly #commit: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #limits: WriteQueueLimits<Item>;
  readonly #waiting = new FairQueue<Waiting<Item, Result>>();
  readonly #pacer: CommitPacer | null;
  readonly #onIdle: (() => void)[] = [];
  #running = 0;
  #runningLarge = 0;
  #isScheduled = false;
  /** Some waiting items must be committed now. */
  #isUrgent = false;
  #patience: NodeJS.Timeout | null = null;

  constructor(
    commit: (items: readonly Item[]) => Promise<readonly Result[]>,
    limits: WriteQueueLimits<Item>,
  ) {
    this.#commit = commit;
    this.#limits = limits;
    this.#pacer = limits.gathers ? new CommitPacer() : null;
  }

  /** Resolves once the item is committed or refused. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const { ownerOf, bytesOf, patience } = this.#limits;
      this.#waiting.add(ownerOf(item), { item, bytes: bytesOf(item), resolve, reject });
      if (patience === undefined || patience.isUrgent(item) || this.#waiting.size >= patience.enough) {
        this.#isUrgent = true;
      }
      this.#schedule();
    });
  }

  /** Commits items that wait to be batched. */
  flush(): void {
    this.#isUrgent = true;
    this.#schedule();
  }

  /** Resolves when nothing waits or runs. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle.push(resolve);
      this.flush();
      this.#resolveIdle();
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#running >= this.#limits.commitsMax || this.#waiting.size === 0) return;
    if (!this.#isUrgent && this.#onIdle.length === 0) {
      this.#patience ??= setTimeout(() => this.flush(), this.#limits.patience?.ms);
      return;
    }
    if (this.#patience !== null) clearTimeout(this.#patience);
    this.#patience = null;
    this.#isScheduled = true;
    const begin = () => {
      this.#isScheduled = false;
      this.#begin();
    };
    if (this.#pacer === null || this.#waiting.size >= this.#limits.itemsMax) setImmediate(begin);
    else this.#pacer.schedule(begin);
  }

  #begin(): void {
    while (this.#running < this.#limits.commitsMax) {
      const batch = this.#takeBatch();
      if (batch.length === 0) break;
      // Items left over from a full batch were already due for a commit.
      if (this.#waiting.size === 0) this.#isUrgent = false;
      const isLarge = this.#isLarge(batch[0]);
      this.#running++;
      if (isLarge) this.#runningLarge++;
      const startedAt = performance.now();
      void this.#run(batch).then(() => {
        this.#running--;
        if (isLarge) this.#runningLarge--;
        this.#pacer?.addCommit(performance.now() - startedAt);
        this.#schedule();
        this.#resolveIdle();
      });
    }
  }

  /**
   * Items from the owners in turn, up to the limits. A large item is a batch of its own, and large items never take all
   * commits.
   */
  #takeBatch(): readonly Waiting<Item, Result>[] {
    const { itemsMax, bytesMax, commitsMax } = this.#limits;
    const mayTakeLarge = this.#runningLarge < Math.max(1, commitsMax / 2);
    const batch: Waiting<Item, Result>[] = [];
    let bytes = 0;
    const fits = (one: Waiting<Item, Result>): boolean => {
      if (this.#isLarge(one)) return batch.length === 0 && mayTakeLarge;
      return batch.length < itemsMax && bytes + one.bytes <= bytesMax;
    };
    for (let next = this.#waiting.takeFirst(fits); next !== null; next = this.#waiting.takeFirst(fits)) {
      batch.push(next);
      bytes += next.bytes;
      if (bytes > bytesMax) break;
    }
    return batch;
  }

  #isLarge(one: Waiting<Item, Result> | undefined): boolean {
    return one !== undefined && one.bytes > this.#limits.bytesMax;
  }

  async #run(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#commit(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
    } catch (error) {
      await this.#fail(batch, error);
    }
  }

  async #fail(batch: readonly Waiting<Item, Result>[], error: unknown): Promise<void> {
    if (isDatabaseUnavailable(error)) {
      for (const { reject } of [...batch, ...this.#waiting.takeAll()]) reject(error);
      return;
    }
    const [only, ...others] = batch;
    if (others.length === 0) only?.reject(error);
    // An internal error in handling one item must not affect the others.
    else for (const one of batch) await this.#run([one]);
  }

  #resolveIdle(): void {
    if (this.#running > 0 || this.#waiting.size > 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }
}
