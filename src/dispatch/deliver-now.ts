import type { HotStatements } from "../db/hot-statements.ts";
import { newId } from "../db/new-id.ts";
import type { Database, DatabaseTransaction } from "../db/open.ts";
import type { StoreKey } from "../idempotency/only-once.ts";
import { acceptTest, type TestEvent } from "./accept-test.ts";
import type { DueDelivery } from "./due-delivery.ts";
import type { OpenedConnection, OpenedConnections } from "./opened-connections.ts";
import { toDue } from "./read-due.ts";
import type { Recorded } from "./recorder.ts";
import { type TestResult, toTestResult } from "./test-result.ts";

type DeliverNowDeps = {
  readonly db: Database;
  readonly hot: Pick<HotStatements, "readQueues" | "readDue">;
  readonly connections: Pick<OpenedConnections, "open">;
  readonly deliver: (delivery: DueDelivery) => Promise<Recorded>;
  readonly now: () => number;
};

/**
 * Stores the request's idempotency key and a test event in one commit, then sends the test without its connection's
 * queue and waits for the result.
 */
export async function deliverNow(
  deps: DeliverNowDeps,
  event: TestEvent,
  storeKey: StoreKey,
): Promise<TestResult> {
  const deliveryId = newId();
  const startedAt = deps.now();
  // A transaction of its own: a key that another request has taken rolls it back.
  const delivery = await deps.db.transaction().execute(async (trx) => {
    await storeKey(trx, deliveryId);
    const connection = await readConnection(deps, trx, event.connectionId);
    const { timeoutMs } = connection;
    await acceptTest(trx, event, { deliveryId, timeoutMs }, startedAt);
    const [row] = await deps.hot.readDue(trx, [deliveryId]);
    if (row === undefined) throw new Error("a delivery created in this transaction is missing");
    return toDue(row, connection, null);
  });
  const { attempt } = await deps.deliver({ ...delivery, dueAt: startedAt });
  return toTestResult(attempt);
}

async function readConnection(
  { hot, connections }: DeliverNowDeps,
  trx: DatabaseTransaction,
  connectionId: string,
): Promise<OpenedConnection> {
  const [state] = await hot.readQueues(trx, [connectionId]);
  if (state === undefined) throw new Error("a connection that was just read is missing");
  return connections.open(state);
}
