import { createKeyring } from "../../src/crypto/keyring.ts";
import { claimDue } from "../../src/delivery/claim.ts";
import { createOpenedConnections } from "../../src/delivery/opened-connections.ts";
import { openCredentials } from "../../src/integrations/endpoint.ts";
import type { Store } from "../../src/store/open.ts";
import { ENCRYPTION_KEY } from "./program.ts";

/** About what the worker asks for in a turn; a divisor of what is measured, so that every claim asks for as much. */
const CONNECTIONS_A_TURN = 50;
const DEADLINE_MS = 15_000;

class Undone extends Error {}

/** One claim, as the worker makes it: milliseconds up to its commit, and how many deliveries it took. */
export type TimedClaim = { readonly ms: number; readonly deliveries: number };

/**
 * Claims so many of each of some connections, in turn. Each claim is undone, so that the next finds the same queues; the
 * commit is not timed, as it costs the same however long they are.
 */
export function createClaimer(
  store: Store,
  connectionIds: readonly string[],
  wanted: number,
): () => Promise<TimedClaim> {
  const keyring = createKeyring(ENCRYPTION_KEY);
  const deps = {
    workerId: "bench",
    deadlineMs: DEADLINE_MS,
    hot: store.hot,
    connections: createOpenedConnections({
      openCredentials: ({ sealed, ...binding }) => openCredentials(keyring, binding, sealed),
    }),
  };
  let first = 0;
  return async () => {
    const wishes = connectionIds
      .slice(first, first + CONNECTIONS_A_TURN)
      .map((connectionId) => ({ connectionId, wanted, held: 0 }));
    first = first + CONNECTIONS_A_TURN < connectionIds.length ? first + CONNECTIONS_A_TURN : 0;
    let claim = { ms: 0, deliveries: 0 };
    const claimAndUndo = store.db.transaction().execute(async (trx) => {
      const startedAt = performance.now();
      const claims = await claimDue(deps, trx, wishes, () => Number.POSITIVE_INFINITY, Date.now());
      const deliveries = claims.reduce((sum, one) => sum + one.deliveries.length, 0);
      claim = { ms: performance.now() - startedAt, deliveries };
      throw new Undone();
    });
    await claimAndUndo.catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
    return claim;
  };
}
