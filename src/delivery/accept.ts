import { OpenSendError } from "../core/errors.ts";
import type { NewEvent } from "../core/read-event.ts";
import { isUniqueViolation } from "../store/constraint.ts";
import { createGroupCommit } from "../store/group-commit.ts";
import type { BulkRow } from "../store/hot-statements.ts";
import { newId } from "../store/new-id.ts";
import type { DatabaseTransaction, Store } from "../store/open.ts";
import { findEarlierAnswers, keepAnswers } from "./event-keys.ts";
import { DELIVERY_COLUMNS, deliveryRow, EVENT_COLUMNS, eventRow, type StoredEvent } from "./event-rows.ts";
import type { NoteChange } from "./note-change.ts";
import type { Observer } from "./observer.ts";
import { findRepeatedEvents } from "./repeated-events.ts";
import type { Routing } from "./routing.ts";

export type AcceptRequest = {
  readonly workspaceId: string;
  /** All of them are stored, or none. */
  readonly events: readonly NewEvent[];
  /** The request's place in its sender's trace, as it is stored. */
  readonly traceContext: string | null;
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

type CommitResult = {
  readonly accepted: Accepted;
  readonly connectionIds: readonly string[];
  readonly deliveryIds: readonly string[];
};

/** Takes events in. Requests that come at the same time share one commit; each is answered only after it. */
export function createAcceptor(deps: {
  readonly store: Pick<Store, "transact" | "dialect" | "hot">;
  readonly routing: Routing;
  readonly now: () => number;
  readonly observer: Pick<Observer, "accepted" | "committed">;
  /** Told after the commit, so that what is due leaves at once. */
  readonly wake: (connectionIds: readonly string[]) => void;
  readonly noteChange: NoteChange;
}): Acceptor {
  const { transact, dialect } = deps.store;
  const group = createGroupCommit<AcceptRequest, CommitResult>(
    async (requests) => {
      const startedAt = performance.now();
      const results = await transact((trx) => commit(trx, deps, requests));
      const rows = results.reduce((sum, { accepted }) => sum + accepted.events.length, 0);
      deps.observer.committed("accept", rows, performance.now() - startedAt);
      return results;
    },
    {
      itemsMax: REQUESTS_A_COMMIT_MAX,
      commitsAtOnce: COMMITS_AT_ONCE[dialect],
      restsWhenBusy: dialect === "postgres",
    },
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
        const { accepted, connectionIds, deliveryIds } = await group.add(request).catch((error: unknown) => {
          if (!isUniqueViolation(error)) throw error;
          return group.add(request);
        });
        if (connectionIds.length > 0) deps.wake(connectionIds);
        if (!accepted.replayed) {
          const eventIds = accepted.events.map(({ id }) => id);
          deps.observer.accepted(eventIds.length);
          deps.noteChange(request.workspaceId, "event", eventIds);
          deps.noteChange(request.workspaceId, "delivery", deliveryIds);
        }
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
    if (known !== undefined) {
      return { accepted: { events: known, replayed: true }, connectionIds: [], deliveryIds: [] };
    }
    const woken = new Set<string>();
    const deliveryIds: string[] = [];
    const events = request.events.map((event): AcceptedEvent => {
      const before = event.id === null ? undefined : repeated.get(event.id);
      if (before !== undefined) return before;
      const id = event.id ?? newId();
      const createdAt = event.createdAt ?? now;
      const { type, dataJson } = event;
      const { workspaceId, traceContext } = request;
      const stored: StoredEvent = {
        id,
        workspaceId,
        type,
        createdAt,
        dataJson,
        acceptedAt: now,
        traceContext,
        origin: "application",
      };
      eventRows.push(eventRow(stored));
      const wanting = (routes.get(workspaceId) ?? []).filter(({ wants }) => wants(type));
      for (const { connectionId } of wanting) {
        const deliveryId = newId();
        deliveryRows.push(deliveryRow(stored, connectionId, deliveryId));
        deliveryIds.push(deliveryId);
        woken.add(connectionId);
      }
      return { id, type: event.type, createdAt, deliveries: wanting.length };
    });
    const replayed = request.events.every((event) => event.id !== null && repeated.has(event.id));
    return { accepted: { events, replayed }, connectionIds: [...woken], deliveryIds };
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
