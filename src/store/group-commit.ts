import { createRest, NO_REST } from "./rest.ts";

export type GroupCommit<Item, Result> = {
  /** Resolves once the item is committed. @throws whatever the commit of this item throws. */
  readonly add: (item: Item) => Promise<Result>;
  /** Items that wait for a commit, those of the running one not counted. */
  readonly waiting: () => number;
  /** Resolves when nothing waits and nothing runs. */
  readonly idle: () => Promise<void>;
};

type Waiting<Item, Result> = {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Lets concurrent callers share transactions: while one commits, what arrives gathers for the next, so that a commit
 * costs the less the more there is to do, and a lone caller waits for nobody. In a busy process a group waits for more:
 * see `rest.ts`. Should a group fail, each of its items is tried alone, so that one bad item harms no other.
 */
export function createGroupCommit<Item, Result>(
  commit: (items: readonly Item[]) => Promise<readonly Result[]>,
  limits: {
    readonly itemsMax: number;
    readonly commitsAtOnce: number;
    /** Whether items wait for more in a busy process. */
    readonly restsWhenBusy: boolean;
  },
): GroupCommit<Item, Result> {
  const waiting: Waiting<Item, Result>[] = [];
  const onIdle: (() => void)[] = [];
  const rest = limits.restsWhenBusy ? createRest() : NO_REST;
  let running = 0;
  let isScheduled = false;

  const commitGroup = async (group: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await commit(group.map(({ item }) => item));
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result);
    } catch (error) {
      const [only, ...others] = group;
      if (others.length === 0) only?.reject(error);
      else for (const one of group) await commitGroup([one]);
    }
  };

  const pump = () => {
    isScheduled = false;
    while (running < limits.commitsAtOnce && waiting.length > 0) {
      running++;
      const startedAt = performance.now();
      void commitGroup(waiting.splice(0, limits.itemsMax)).then(() => {
        running--;
        rest.noteCommit(performance.now() - startedAt);
        if (waiting.length > 0) schedule();
        else pump();
      });
    }
    if (running === 0) for (const resolve of onIdle.splice(0)) resolve();
  };

  const schedule = () => {
    if (isScheduled || running >= limits.commitsAtOnce) return;
    isScheduled = true;
    const waitMs = waiting.length >= limits.itemsMax ? 0 : rest.remainingMs();
    // Everything that has arrived is read before the next immediate runs, so it goes together. A microtask would run,
    // and on SQLite commit, after the first of them.
    if (waitMs < 1) setImmediate(pump);
    else setTimeout(pump, waitMs);
  };

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        schedule();
      }),
    waiting: () => waiting.length,
    idle: () =>
      new Promise((resolve) => {
        if (running === 0 && waiting.length === 0) resolve();
        else onIdle.push(resolve);
      }),
  };
}
