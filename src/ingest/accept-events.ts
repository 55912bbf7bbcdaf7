import { newId } from "../db/new-id.ts";
import type { Store } from "../db/open.ts";
import { WriteQueue } from "../db/write-queue.ts";
import { OpenSendError } from "../domain/errors.ts";
import type { Observer } from "../domain/observer.ts";
import type { PublishChange } from "../domain/publish-change.ts";
import type { NewEvent } from "../domain/read-event.ts";
import { hasStoredOwnEvent, type StoredItems, storeEvents } from "./accept-commit.ts";
import type { EventRoutes } from "./event-routes.ts";
import type { Handover } from "./handover.ts";
import type { AcceptItem, AcceptOutcome } from "./plan-accept.ts";

export type AcceptRequest = {
  readonly workspaceId: string;
  /** All of them are stored, or none. */
  readonly events: readonly NewEvent[];
  /** The request's W3C Trace Context, in the stored form. */
  readonly traceContext: string | null;
  readonly idempotency: { readonly key: string; readonly digest: string } | null;
};

export type AcceptedEvent = {
  readonly id: string;
  readonly type: string;
  readonly createdAt: number;
  /** The number of connections it is delivered to. */
  readonly deliveries: number;
};

export type Accepted = { readonly events: readonly AcceptedEvent[]; readonly replayed: boolean };

const REQUESTS_PER_COMMIT_MAX = 500;
/** A commit delays the requests that share it, and on the embedded database everyone. */
const BYTES_PER_COMMIT_MAX = 1024 * 1024;
const COMMITS_MAX = { sqlite: 1, postgres: 4 } as const;
/** How often a request is tried again after another transaction preceded it. */
const TRIES_MAX = 5;
const CONTESTED_RETRY_S = 1;

type AcceptorDeps = {
  readonly store: Pick<Store, "transact" | "dialect" | "hot">;
  readonly eventRoutes: EventRoutes;
  readonly handover: Handover;
  readonly now: () => number;
  readonly observer: Pick<Observer, "accepted" | "committed">;
  /** Called after the commit, so that due deliveries leave immediately. */
  readonly wake: (connectionIds: readonly string[]) => void;
  readonly publishChange: PublishChange;
};

/**
 * Accepts events. Every event gets its id before it waits, so that after a commit with an unknown outcome it is found
 * instead of stored twice. Requests that arrive at the same time share one commit, and get their responses after it.
 * The backlog is limited by the bodies that are accepted (`http/body-bytes.ts`).
 */
export class Acceptor {
  readonly #deps: AcceptorDeps;
  readonly #queue: WriteQueue<AcceptItem, AcceptOutcome>;

  constructor(deps: AcceptorDeps) {
    this.#deps = deps;
    this.#queue = new WriteQueue((items) => this.#commit(items), {
      itemsMax: REQUESTS_PER_COMMIT_MAX,
      bytesMax: BYTES_PER_COMMIT_MAX,
      bytesOf: ({ bytes }) => bytes,
      ownerOf: ({ workspaceId }) => workspaceId,
      commitsMax: COMMITS_MAX[deps.store.dialect],
      gathers: deps.store.dialect === "postgres",
    });
  }

  /**
   * Resolves once the events and their deliveries are committed.
   *
   * @throws {OpenSendError} `validation_failed` for an id that occurs twice in the request, `idempotency_key_reused`,
   *   `event_id_reused`, `overloaded`.
   */
  async accept(request: AcceptRequest): Promise<Accepted> {
    const item = toItem(request);
    for (let tries = 1; tries <= TRIES_MAX; tries++) {
      const outcome = await this.#queue.add(tries === 1 ? item : looksUpAll(item));
      if (outcome.kind === "refused") throw outcome.error;
      if (outcome.kind === "accepted") return this.#notify(item.workspaceId, outcome);
    }
    throw new OpenSendError("overloaded", "The same event is being sent by several requests. Try again.", {
      retryAfterSeconds: CONTESTED_RETRY_S,
    });
  }

  /** Resolves when everything accepted is committed. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  async #commit(items: readonly AcceptItem[]): Promise<readonly AcceptOutcome[]> {
    const { observer } = this.#deps;
    const startedAt = performance.now();
    const { outcomes, handedOver } = await this.#store(items);
    this.#deps.handover.receive(handedOver);
    const rows = outcomes.reduce(
      (sum, outcome) => sum + (outcome.kind === "accepted" ? outcome.accepted.events.length : 0),
      0,
    );
    observer.committed("accept", rows, performance.now() - startedAt);
    return outcomes;
  }

  async #store(items: readonly AcceptItem[]): Promise<StoredItems> {
    const { store, handover } = this.#deps;
    let last: StoredItems | null = null;
    const undo = () => handover.release(last?.handedOver.map(({ reservation }) => reservation) ?? []);
    try {
      return await store.transact(
        async (trx) => {
          const isFirst = last === null;
          undo();
          last = { outcomes: [], handedOver: [] };
          last = await storeEvents(trx, this.#deps, isFirst ? items : items.map(looksUpAll));
          return last;
        },
        (db, { outcomes }) => hasStoredOwnEvent(db, items, outcomes),
      );
    } catch (error) {
      undo();
      throw error;
    }
  }

  #notify(workspaceId: string, outcome: AcceptOutcome & { kind: "accepted" }): Accepted {
    const { accepted, connectionIds, deliveryIds } = outcome;
    if (connectionIds.length > 0) this.#deps.wake(connectionIds);
    if (!accepted.replayed) {
      const eventIds = accepted.events.map(({ id }) => id);
      this.#deps.observer.accepted(eventIds.length);
      this.#deps.publishChange(workspaceId, "event", eventIds);
      this.#deps.publishChange(workspaceId, "delivery", deliveryIds);
    }
    return accepted;
  }
}

function looksUpAll(item: AcceptItem): AcceptItem {
  return { ...item, looksUpAll: true };
}

function toItem(request: AcceptRequest): AcceptItem {
  refuseRepeatedIds(request.events);
  const events = request.events.map((event) => ({
    ...event,
    id: event.id ?? newId(),
    isIdGiven: event.id !== null,
    dataBytes: Buffer.byteLength(event.dataJson),
  }));
  const bytes = events.reduce((sum, { dataBytes }) => sum + dataBytes, 0);
  return { ...request, events, bytes, looksUpAll: false };
}

function refuseRepeatedIds(events: readonly NewEvent[]): void {
  const firstAt = new Map<string, number>();
  const fields = [...events.entries()].flatMap(([index, { id }]) => {
    if (id === null) return [];
    const first = firstAt.get(id);
    if (first === undefined) firstAt.set(id, index);
    return first === undefined
      ? []
      : [
          {
            path: `${index}.id`,
            message: `Event ${first} of this batch has the same id. Give each event its own.`,
          },
        ];
  });
  if (fields.length === 0) return;
  const named = fields.slice(0, IDS_NAMED_MAX).map(({ path }) => `\`${path}\``);
  const more = fields.length > IDS_NAMED_MAX ? ` and ${fields.length - IDS_NAMED_MAX} more` : "";
  throw new OpenSendError(
    "validation_failed",
    `Not valid: ${named.join(", ")}${more}. \`errors\` says why. Nothing was stored.`,
    { fields: fields.slice(0, FIELDS_MAX) },
  );
}

const IDS_NAMED_MAX = 10;
const FIELDS_MAX = 100;
