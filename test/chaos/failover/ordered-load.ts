import type { Load } from "../load.ts";
import { pause } from "../pause.ts";

/** From one acknowledgement to the next post: longer than slow receivers and retries take on average. */
const PAUSE_MS = 1500;

/** The events posted for each connection in strict order: ids by event type, in the order of acceptance. */
export type OrderedLoad = {
  readonly idsByType: ReadonlyMap<string, readonly string[]>;
  /** Resolves when every event is acknowledged. */
  readonly stop: () => Promise<void>;
};

/** Posts events of these types sequentially: each one after the one before is acknowledged. */
export function startOrderedLoad(load: Pick<Load, "postOne">, types: readonly string[]): OrderedLoad {
  const idsByType = new Map<string, string[]>(types.map((type) => [type, []]));
  let isStopping = false;
  const senders = [...idsByType].map(async ([type, ids]) => {
    while (!isStopping) {
      ids.push(await load.postOne(type));
      await pause(PAUSE_MS);
    }
  });
  return {
    idsByType,
    stop: async () => {
      isStopping = true;
      await Promise.all(senders);
    },
  };
}
