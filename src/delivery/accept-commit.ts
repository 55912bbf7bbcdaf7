import type { OpenSendError } from "../core/errors.ts";
import type { NewEvent } from "../core/read-event.ts";
import {
  dropKept,
  type KeptResponse,
  keepResponses,
  nameOf,
  readKept,
} from "../idempotency/kept-responses.ts";
import { keyReused } from "../idempotency/refusals.ts";
import { isSameRequest } from "../idempotency/request-digest.ts";
import type { BulkRow } from "../store/hot-statements.ts";
import { newId } from "../store/new-id.ts";
import type { Database, DatabaseTransaction, Store } from "../store/open.ts";
import type { Accepted, AcceptedEvent, AcceptRequest } from "./accept.ts";
import { DELIVERY_COLUMNS, deliveryRow, EVENT_COLUMNS, eventRow, type StoredEvent } from "./event-rows.ts";
import { eventKey, KnownEvents } from "./known-events.ts";
import type { Route, Routing } from "./routing.ts";

/** An event with the id it is stored under, whoever chose it. */
export type IdentifiedEvent = NewEvent & {
  readonly id: string;
  readonly isIdGiven: boolean;
  readonly dataBytes: number;
};

export type AcceptItem = Omit<AcceptRequest, "events"> & {
  readonly events: readonly IdentifiedEvent[];
  readonly bytes: number;
  /** Ids made here are looked up too: an earlier commit of this item may have gone through. */
  readonly looksUpAll: boolean;
};

/** `contested` when another transaction wrote the same key or id meanwhile: looking again shows the result. */
export type AcceptOutcome =
  | {
      readonly kind: "accepted";
      readonly accepted: Accepted;
      readonly connectionIds: readonly string[];
      readonly deliveryIds: readonly string[];
    }
  | { readonly kind: "refused"; readonly error: OpenSendError }
  | { readonly kind: "contested" };

type CommitDeps = {
  readonly store: Pick<Store, "hot" | "dialect">;
  readonly routing: Routing;
  readonly now: () => number;
};

/** What an item comes to, before anything is written. */
type Plan = {
  readonly item: AcceptItem;
  outcome: AcceptOutcome;
  /** Its events that are not stored yet, with the deliveries each leads to. */
  readonly added: readonly AddedEvent[];
  readonly kept: KeptResponse | null;
};

type AddedEvent = {
  readonly stored: StoredEvent;
  /** Whether its id may be taken: it came from a sender, or an earlier commit may have gone through. */
  readonly mayClash: boolean;
  readonly deliveries: readonly (readonly [string, string])[];
};

/** Stores the events of all items that may be stored, in one transaction. One outcome an item; refusals throw nothing. */
export async function storeEvents(
  trx: DatabaseTransaction,
  deps: CommitDeps,
  items: readonly AcceptItem[],
): Promise<readonly AcceptOutcome[]> {
  const { dialect } = deps.store;
  const now = deps.now();
  const keys = items.flatMap(({ workspaceId, once }) =>
    once === null ? [] : [{ workspaceId, key: once.key }],
  );
  const kept = new Map(await readKept(trx, dialect, keys, now));
  const known = await KnownEvents.read(trx, dialect, items);
  const routes = await deps.routing.read(
    trx,
    items.map(({ workspaceId }) => workspaceId),
  );
  const plans: Plan[] = [];
  for (const item of items) {
    const plan = planItem(item, kept, known, routes.get(item.workspaceId) ?? [], now);
    if (plan.kept !== null) kept.set(nameOf(plan.kept), plan.kept);
    for (const { stored, mayClash, deliveries } of plan.added) {
      if (mayClash) known.add(stored, deliveries.length);
    }
    plans.push(plan);
  }
  await write(trx, deps, plans, now);
  return plans.map(({ outcome }) => outcome);
}

/** Whether the transaction of these outcomes was committed: by an event whose id nobody else can have chosen. */
export async function hasStoredOwnEvent(
  db: Database,
  items: readonly AcceptItem[],
  outcomes: readonly AcceptOutcome[],
): Promise<boolean> {
  const own = items.find(
    ({ events }, index) => outcomes[index]?.kind === "accepted" && events.some(({ isIdGiven }) => !isIdGiven),
  );
  const event = own?.events.find(({ isIdGiven }) => !isIdGiven);
  // Only ids of senders: running again finds them and stores none twice.
  if (own === undefined || event === undefined) return false;
  const row = await db
    .selectFrom("events")
    .select("id")
    .where("workspace_id", "=", own.workspaceId)
    .where("id", "=", event.id)
    .executeTakeFirst();
  return row !== undefined;
}

function planItem(
  item: AcceptItem,
  kept: ReadonlyMap<string, KeptResponse>,
  known: KnownEvents,
  routes: readonly Route[],
  now: number,
): Plan {
  const { workspaceId, once } = item;
  const nothing = { item, added: [], kept: null };
  const earlier = once === null ? undefined : kept.get(nameOf({ workspaceId, key: once.key }));
  if (once !== null && earlier !== undefined) {
    if (!isSameRequest(earlier, once)) {
      return { ...nothing, outcome: { kind: "refused", error: keyReused() } };
    }
    const events = JSON.parse(earlier.response) as AcceptedEvent[];
    // Kept by an earlier commit of this very item.
    const isOwn = events[0]?.id === item.events[0]?.id && item.events[0]?.isIdGiven === false;
    return { ...nothing, outcome: accepted({ events, replayed: !isOwn }) };
  }
  const refusal = known.findConflict(item);
  if (refusal !== null) return { ...nothing, outcome: { kind: "refused", error: refusal } };
  const added: AddedEvent[] = [];
  const events = item.events.map((event): AcceptedEvent => {
    const before = known.find(workspaceId, event.id);
    if (before !== undefined) return before.accepted;
    const one = addEvent(item, event, routes, now);
    added.push(one);
    return {
      id: event.id,
      type: event.type,
      createdAt: one.stored.createdAt,
      deliveries: one.deliveries.length,
    };
  });
  const replayed = added.length === 0 && item.events.every(({ isIdGiven }) => isIdGiven);
  const deliveries = added.flatMap((one) => one.deliveries);
  return {
    item,
    added,
    kept: once === null ? null : { workspaceId, ...once, response: JSON.stringify(events) },
    outcome: {
      ...accepted({ events, replayed }),
      connectionIds: [...new Set(deliveries.map(([connectionId]) => connectionId))],
      deliveryIds: deliveries.map(([, id]) => id),
    },
  };
}

function accepted(result: Accepted): AcceptOutcome & { kind: "accepted" } {
  return { kind: "accepted", accepted: result, connectionIds: [], deliveryIds: [] };
}

function addEvent(
  { workspaceId, traceContext, looksUpAll }: AcceptItem,
  { id, isIdGiven, type, createdAt, dataJson, dataBytes }: IdentifiedEvent,
  routes: readonly Route[],
  now: number,
): AddedEvent {
  const stored: StoredEvent = {
    id,
    workspaceId,
    type,
    createdAt: createdAt ?? now,
    dataJson,
    dataBytes,
    acceptedAt: now,
    traceContext,
    origin: "application",
  };
  const deliveries = routes
    .filter(({ wants }) => wants(type))
    .map(({ connectionId }) => [connectionId, newId()] as const);
  return { stored, mayClash: isIdGiven || looksUpAll, deliveries };
}

/**
 * Keys first, then events, then their deliveries; keys and events in one order everywhere, so that two transactions never
 * wait for each other in a circle. An item that another transaction was faster with is taken out again whole.
 */
async function write(
  trx: DatabaseTransaction,
  { store }: CommitDeps,
  plans: readonly Plan[],
  now: number,
): Promise<void> {
  const { hot, dialect } = store;
  const taken = await keepResponses(
    trx,
    dialect,
    plans.flatMap((plan) => plan.kept ?? []),
    now,
  );
  if (taken.size > 0) contest(plans, (plan) => plan.kept !== null && taken.has(nameOf(plan.kept)));
  const added = plans.filter(isOpen).flatMap((plan) => plan.added);
  const clashes = await hot.insertEvents(
    trx,
    EVENT_COLUMNS,
    inOrder(added.filter(({ mayClash }) => mayClash)),
  );
  if (clashes.length > 0) {
    const clashing = new Set(clashes.map(([workspaceId, id]) => eventKey(workspaceId, id)));
    const before = plans.filter(isOpen);
    contest(plans, ({ added }) =>
      added.some(({ stored }) => clashing.has(eventKey(stored.workspaceId, stored.id))),
    );
    await undo(
      trx,
      dialect,
      before.filter((plan) => !isOpen(plan)),
      clashing,
    );
  }
  const open = plans.filter(isOpen).flatMap((plan) => plan.added);
  const own = open.filter(({ mayClash }) => !mayClash).map(({ stored }) => eventRow(stored));
  await hot.insertRows(trx, "events", EVENT_COLUMNS, own);
  const deliveries = open.flatMap((one) =>
    one.deliveries.map(([connectionId, id]) => deliveryRow(one.stored, connectionId, id)),
  );
  await hot.insertRows(trx, "deliveries", DELIVERY_COLUMNS, deliveries);
}

function inOrder(added: readonly AddedEvent[]): BulkRow[] {
  const keyOf = ({ stored }: AddedEvent) => eventKey(stored.workspaceId, stored.id);
  return added.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)).map(({ stored }) => eventRow(stored));
}

function isOpen({ outcome }: Plan): boolean {
  return outcome.kind !== "contested";
}

/** Marks the plans that cannot be carried out, and those that repeat an event or a key of one of them. */
function contest(plans: readonly Plan[], isLost: (plan: Plan) => boolean): void {
  const lost = new Set<string>();
  for (const plan of plans) {
    const { workspaceId, events, once } = plan.item;
    const names = [
      ...events.map(({ id }) => eventKey(workspaceId, id)),
      ...(once === null ? [] : [nameOf({ workspaceId, key: once.key })]),
    ];
    if (!isLost(plan) && !names.some((name) => lost.has(name))) continue;
    plan.outcome = { kind: "contested" };
    for (const name of names) lost.add(name);
  }
}

async function undo(
  trx: DatabaseTransaction,
  dialect: Store["dialect"],
  plans: readonly Plan[],
  clashing: ReadonlySet<string>,
): Promise<void> {
  for (const { added, kept } of plans) {
    await dropKept(trx, dialect, kept === null ? [] : [kept]);
    for (const { stored, mayClash } of added) {
      if (!mayClash || clashing.has(eventKey(stored.workspaceId, stored.id))) continue;
      await trx
        .deleteFrom("events")
        .where("workspace_id", "=", stored.workspaceId)
        .where("id", "=", stored.id)
        .execute();
    }
  }
}
