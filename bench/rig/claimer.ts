import { openCredentials } from "../../src/connections/endpoint.ts";
import { createKeyring } from "../../src/crypto/keyring.ts";
import type { Store } from "../../src/db/open.ts";
import { OpenedConnections } from "../../src/dispatch/opened-connections.ts";
import { DueReader } from "../../src/dispatch/read-due.ts";
import { ENCRYPTION_KEY } from "./program.ts";

/** About as many as the worker reads in one turn; divides the numbers of connections, so that all claims are equal. */
const CONNECTIONS_PER_TURN = 50;

/** One read of queues, as the worker does it: its milliseconds, and the number of deliveries. */
export type TimedClaim = { readonly ms: number; readonly deliveries: number };

/** Reads the queues of some connections in turn. Nothing is sent, so the next read finds the same queues. */
export function createClaimer(
  store: Store,
  connectionIds: readonly string[],
  wanted: number,
): () => Promise<TimedClaim> {
  const keyring = createKeyring(ENCRYPTION_KEY);
  const reader = new DueReader({
    read: store.readHot,
    hot: store.hot,
    connections: new OpenedConnections(({ sealed, ...binding }) => openCredentials(keyring, binding, sealed)),
    othersEndInMs: () => 0,
  });
  let first = 0;
  return async () => {
    const requests = connectionIds
      .slice(first, first + CONNECTIONS_PER_TURN)
      .map((connectionId) => ({ connectionId, wanted, buffered: new Set<string>(), rateUsedUntil: 0 }));
    first = first + CONNECTIONS_PER_TURN < connectionIds.length ? first + CONNECTIONS_PER_TURN : 0;
    const startedAt = performance.now();
    const batches = await reader.read(requests, () => Number.POSITIVE_INFINITY, Date.now());
    const deliveries = batches.reduce((sum, one) => sum + one.deliveries.length, 0);
    return { ms: performance.now() - startedAt, deliveries };
  };
}
