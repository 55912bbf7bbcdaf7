import type { Load } from "../load.ts";
import { pause } from "../pause.ts";

/** Between the acknowledgement of one event and the next post: longer than slow receivers and retries take on average. */
const PAUSE_MS = 1500;

/** What was posted for each connection in strict order: ids by type of event, in the order in which they were accepted. */
export type OrderedLoad = {
  readonly idsByType: ReadonlyMap<string, readonly string[]>;
  /** Resolves when every event is acknowledged. */
  readonly stop: () => Promise<void>;
};

/** Posts events of these types one after the other: the next one when the one before is acknowledged. */
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
