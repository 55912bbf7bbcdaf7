import { OpenSendError } from "../core/errors.ts";
import type { NewEvent } from "../core/read-event.ts";
import { isUniqueViolation } from "../store/constraint.ts";
import { createGroupCommit } from "../store/group-commit.ts";
import type { BulkRow } from "../store/hot-statements.ts";
import { newId } from "../store/new-id.ts";
import type { DatabaseTransaction, Store } from "../store/open.ts";
import { findEarlierAnswers, keepAnswers } from "./event-keys.ts";
import { findRepeatedEvents } from "./repeated-events.ts";
import type { Routing } from "./routing.ts";

export type AcceptRequest = {
  readonly workspaceId: string;
  /** All of them are stored, or none. */
  readonly events: readonly NewEvent[];
  readonly once: { readonly key: string; readonly digest: string } | null;
};

export type AcceptedEvent = {
  readonly id: string;
  readonly type: string;
  readonly createdAt: number;
  /** Connections it is owed to. */
  readonly deliveries: number;
};

export type Accepted = { readonly events: readonly AcceptedEvent[]; readonly replayed: boolean };

export type Acceptor = {
  /**
   * Resolves once the events and their deliveries are committed.
   *
   * @throws {OpenSendError} `idempotency_key_reused`, `event_id_reused`, `overloaded`.
   */
  readonly accept: (request: AcceptRequest) => Promise<Accepted>;
  /** Resolves when all that was taken is committed. */
  readonly idle: () => Promise<void>;
};

const REQUESTS_A_COMMIT_MAX = 500;
const COMMITS_AT_ONCE = { sqlite: 1, postgres: 4 } as const;
/** What may wait for a commit: more would be memory without a promise behind it. */
const WAITING_BYTES_MAX = 64 * 1024 * 1024;
const OVERLOADED_RETRY_S = 1;

type CommitResult = { readonly accepted: Accepted; readonly connectionIds: readonly string[] };

/** Takes events in. Requests that come at the same time share one commit; each is answered only after it. */
export function createAcceptor(deps: {
  readonly store: Pick<Store, "db" | "dialect" | "hot">;
  readonly routing: Routing;
  readonly now: () => number;
  /** Told after the commit, so that what is due leaves at once. */
  readonly wake: (connectionIds: readonly string[]) => void;
}): Acceptor {
  const { db, dialect } = deps.store;
  const group = createGroupCommit<AcceptRequest, CommitResult>(
    (requests) => db.transaction().execute((trx) => commit(trx, deps, requests)),
    { itemsMax: REQUESTS_A_COMMIT_MAX, commitsAtOnce: COMMITS_AT_ONCE[dialect] },
  );
  let waitingBytes = 0;
  return {
    accept: async (request) => {
      const bytes = request.events.reduce((sum, event) => sum + event.dataJson.length, 0);
      if (waitingBytes + bytes > WAITING_BYTES_MAX) {
        throw new OpenSendError(
          "overloaded",
          "More events are waiting to be stored than is safe to hold. Try again.",
          {
            retryAfterSeconds: OVERLOADED_RETRY_S,
          },
        );
      }
      waitingBytes += bytes;
      try {
        // A request with the same key or id may have committed in between, elsewhere: then it is found and repeated.
        const { accepted, connectionIds } = await group.add(request).catch((error: unknown) => {
          if (!isUniqueViolation(error)) throw error;
          return group.add(request);
        });
        if (connectionIds.length > 0) deps.wake(connectionIds);
        return accepted;
      } finally {
        waitingBytes -= bytes;
      }
    },
    idle: group.idle,
  };
}

async function commit(
  trx: DatabaseTransaction,
  deps: { readonly store: Pick<Store, "hot">; readonly routing: Routing; readonly now: () => number },
  requests: readonly AcceptRequest[],
): Promise<CommitResult[]> {
  const now = deps.now();
  const earlier = await findEarlierAnswers(trx, requests, now);
  const repeated = await findRepeatedEvents(trx, requests);
  const routes = await deps.routing.read(
    trx,
    requests.map((request) => request.workspaceId),
  );
  const eventRows: BulkRow[] = [];
  const deliveryRows: BulkRow[] = [];
  const results = requests.map((request): CommitResult => {
    const known = earlier.get(request);
    if (known !== undefined) return { accepted: { events: known, replayed: true }, connectionIds: [] };
    const woken = new Set<string>();
    const events = request.events.map((event): AcceptedEvent => {
      const stored = event.id === null ? undefined : repeated.get(event.id);
      if (stored !== undefined) return stored;
      const id = event.id ?? newId();
      const createdAt = event.createdAt ?? now;
      eventRows.push([id, request.workspaceId, event.type, createdAt, event.dataJson, now]);
      const wanting = (routes.get(request.workspaceId) ?? []).filter(({ wants }) => wants(event.type));
      for (const { connectionId } of wanting) {
        deliveryRows.push([
          newId(),
          request.workspaceId,
          id,
          connectionId,
          "schedule",
          "pending",
          0,
          now,
          now,
          now,
        ]);
        woken.add(connectionId);
      }
      return { id, type: event.type, createdAt, deliveries: wanting.length };
    });
    const replayed = request.events.every((event) => event.id !== null && repeated.has(event.id));
    return { accepted: { events, replayed }, connectionIds: [...woken] };
  });
  await deps.store.hot.insertRows(trx, "events", EVENT_COLUMNS, eventRows);
  await deps.store.hot.insertRows(trx, "deliveries", DELIVERY_COLUMNS, deliveryRows);
  await keepAnswers(
    trx,
    requests,
    results.map(({ accepted }) => accepted),
    now,
  );
  return results;
}

const EVENT_COLUMNS = {
  id: "text",
  workspace_id: "text",
  type: "text",
  created_at: "bigint",
  data: "text",
  accepted_at: "bigint",
} as const;

const DELIVERY_COLUMNS = {
  id: "text",
  workspace_id: "text",
  event_id: "text",
  connection_id: "text",
  trigger_kind: "text",
  status: "text",
  attempt_count: "bigint",
  next_attempt_at: "bigint",
  created_at: "bigint",
  updated_at: "bigint",
} as const;
