import type { BulkRow } from "../db/hot-statements.ts";
import type { Database, DatabaseTransaction, Store } from "../db/open.ts";
import { deleteStored, nameOf, readStored, storeResponses } from "../idempotency/stored-responses.ts";
import { StatisticsEntry } from "../statistics/entry.ts";
import { logEntry } from "../statistics/log-entry.ts";
import type { EventRoutes } from "./event-routes.ts";
import { DELIVERY_COLUMNS, deliveryRow, EVENT_COLUMNS, eventRow } from "./event-rows.ts";
import type { HandedOver, Handover } from "./handover.ts";
import { eventKey, KnownEvents } from "./known-events.ts";
import {
  type AcceptItem,
  type AcceptOutcome,
  type AddedEvent,
  eventAdder,
  handOver,
  type Plan,
  planItem,
  reservationsOf,
} from "./plan-accept.ts";

type CommitDeps = {
  readonly store: Pick<Store, "hot" | "dialect">;
  readonly eventRoutes: EventRoutes;
  readonly handover: Handover;
  readonly now: () => number;
};

export type StoredItems = {
  readonly outcomes: readonly AcceptOutcome[];
  readonly handedOver: readonly HandedOver[];
};

/**
 * Stores the events of all items that can be stored, in one transaction. Returns one outcome per item; refusals are not
 * thrown.
 */
export async function storeEvents(
  trx: DatabaseTransaction,
  deps: CommitDeps,
  items: readonly AcceptItem[],
): Promise<StoredItems> {
  const plans: Plan[] = [];
  try {
    const now = deps.now();
    await planAll(trx, deps, items, plans, now);
    await write(trx, deps, plans, now);
    deps.handover.release(plans.filter((plan) => !isOpen(plan)).flatMap(reservationsOf));
    const handedOver = plans.filter(isOpen).flatMap(handOver);
    return { outcomes: plans.map(({ outcome }) => outcome), handedOver };
  } catch (error) {
    deps.handover.release(plans.flatMap(reservationsOf));
    throw error;
  }
}

async function planAll(
  trx: DatabaseTransaction,
  deps: CommitDeps,
  items: readonly AcceptItem[],
  plans: Plan[],
  now: number,
): Promise<void> {
  const { dialect } = deps.store;
  const keys = items.flatMap(({ workspaceId, idempotency }) =>
    idempotency === null ? [] : [{ workspaceId, key: idempotency.key }],
  );
  const storedResponses = new Map(await readStored(trx, dialect, keys, now));
  const known = await KnownEvents.read(trx, dialect, items);
  const routes = await deps.eventRoutes.read(
    trx,
    items.map(({ workspaceId }) => workspaceId),
  );
  for (const item of items) {
    const addEvent = eventAdder(item, routes.get(item.workspaceId) ?? [], deps.handover, now);
    const plan = planItem(item, storedResponses, known, addEvent);
    if (plan.storedResponse !== null) storedResponses.set(nameOf(plan.storedResponse), plan.storedResponse);
    for (const { stored, mayClash, deliveries } of plan.added) {
      if (mayClash) known.add(stored, deliveries.length);
    }
    plans.push(plan);
  }
}

/** Whether the transaction of these outcomes was committed, according to an event whose id no one else can have chosen. */
export async function hasStoredOwnEvent(
  db: Database,
  items: readonly AcceptItem[],
  outcomes: readonly AcceptOutcome[],
): Promise<boolean> {
  const own = items.find(
    ({ events }, index) => outcomes[index]?.kind === "accepted" && events.some(({ isIdGiven }) => !isIdGiven),
  );
  const event = own?.events.find(({ isIdGiven }) => !isIdGiven);
  // Every id was chosen by a sender: running again finds them and stores none twice.
  if (own === undefined || event === undefined) return false;
  const row = await db
    .selectFrom("events")
    .select("id")
    .where("workspace_id", "=", own.workspaceId)
    .where("id", "=", event.id)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Writes keys first, then events, then their deliveries; keys and events in the same order everywhere, which prevents
 * deadlocks. An item that another transaction preceded is removed completely.
 */
async function write(
  trx: DatabaseTransaction,
  { store }: CommitDeps,
  plans: readonly Plan[],
  now: number,
): Promise<void> {
  const { hot, dialect } = store;
  const taken = await storeResponses(
    trx,
    dialect,
    plans.flatMap((plan) => plan.storedResponse ?? []),
    now,
  );
  if (taken.size > 0)
    contest(plans, (plan) => plan.storedResponse !== null && taken.has(nameOf(plan.storedResponse)));
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
    one.deliveries.map(({ id, connectionId }) => deliveryRow(one.stored, connectionId, id)),
  );
  await hot.insertRows(trx, "deliveries", DELIVERY_COLUMNS, deliveries);
  await logEntry(hot, trx, entryOf(open), now);
}

function entryOf(added: readonly AddedEvent[]): StatisticsEntry {
  const entry = new StatisticsEntry();
  for (const { stored, deliveries } of added) {
    entry.addEvent(
      stored.workspaceId,
      stored,
      deliveries.map(({ connectionId }) => connectionId),
    );
  }
  return entry;
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
    const { workspaceId, events, idempotency } = plan.item;
    const names = [
      ...events.map(({ id }) => eventKey(workspaceId, id)),
      ...(idempotency === null ? [] : [nameOf({ workspaceId, key: idempotency.key })]),
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
  for (const { added, storedResponse } of plans) {
    await deleteStored(trx, dialect, storedResponse === null ? [] : [storedResponse]);
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
