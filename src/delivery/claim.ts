import { type ClaimState, claimLimit } from "../core/claim-limit.ts";
import type { AttemptTrigger } from "../core/delivery.ts";
import type { EventOrigin } from "../core/event.ts";
import { takeFromRate } from "../core/rate-limit.ts";
import type { ClaimableConnection, ClaimedRow, DueRow } from "../store/hot-statements.ts";
import type { Database, DatabaseTransaction } from "../store/open.ts";
import type { DeliveryDeps } from "./deps.ts";
import type { OpenedConnection } from "./opened-connections.ts";

/** A lease outlives the whole-request deadline, with room for a slow commit. */
const LEASE_BEYOND_DEADLINE_MS = 15_000;

/** A delivery under this process's lease, with all that sending it takes. */
export type ClaimedDelivery = {
  readonly id: string;
  readonly connection: OpenedConnection;
  readonly trigger: AttemptTrigger;
  readonly attemptNumber: number;
  /** Its place in the queue, epoch milliseconds. */
  readonly dueAt: number;
  readonly leaseExpiresAt: number;
  readonly replayId: string | null;
  /** Of the event's data in UTF-8. */
  readonly payloadBytes: number;
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly createdAt: number;
    readonly acceptedAt: number;
    readonly dataJson: string;
    readonly origin: EventOrigin;
    /** As it is stored. */
    readonly traceContext: string | null;
  };
};

/** What is asked of one connection's queue. */
export type ClaimWish = {
  readonly connectionId: string;
  readonly wanted: number;
  /** Under way in this process already. */
  readonly held: number;
};

/** Bytes of payload of a workspace that may still be taken in; not positive when none may. */
export type RoomFor = (workspaceId: string) => number;

export type Claim = {
  readonly connectionId: string;
  readonly connection: OpenedConnection;
  readonly deliveries: readonly ClaimedDelivery[];
  /** As many were taken as could be: there may be more. */
  readonly mayHaveMore: boolean;
  /** All that is due was taken, and nothing of the connection's state keeps it from being sent. */
  readonly isCaughtUp: boolean;
  /** When to look again, where something other than the queue sets the bound; epoch milliseconds. */
  readonly lookAgainAt: number | null;
};

type ClaimDeps = Pick<DeliveryDeps, "workerId" | "deadlineMs" | "hot" | "connections">;

/** Takes one pending delivery under a lease, or returns null when it is no longer pending. */
export async function claimOne(
  deps: ClaimDeps,
  trx: DatabaseTransaction,
  connectionId: string,
  deliveryId: string,
  now: number,
): Promise<ClaimedDelivery | null> {
  const [row] = await deps.hot.lockConnections(trx, [connectionId]);
  const expiresAt = leaseEnd(deps, now);
  const lease = { holder: deps.workerId, expiresAt, now };
  const [claimed] = await deps.hot.lease(trx, [deliveryId], lease);
  if (row === undefined || claimed === undefined) return null;
  return toClaimed(claimed, deps.connections.open(row), expiresAt);
}

/**
 * Takes due deliveries of these connections under a lease: of each as many as it wishes and its state allows, in order
 * of age, and of each workspace no more payload than there is room for.
 */
export async function claimDue(
  deps: ClaimDeps,
  trx: DatabaseTransaction,
  wishes: readonly ClaimWish[],
  roomFor: RoomFor,
  now: number,
): Promise<Claim[]> {
  const byId = new Map(wishes.map((wish) => [wish.connectionId, wish]));
  const rows = await deps.hot.lockConnections(trx, [...byId.keys()]);
  const limits = rows.map((row) => {
    const wish = byId.get(row.id);
    return { row, ...claimLimit(stateOf(row), wish?.wanted ?? 0, wish?.held ?? 0, now) };
  });
  const asked = limits
    .filter(({ limit }) => limit > 0)
    .map(({ row, limit }) => ({
      connectionId: row.id,
      limit,
      // In strict order, what is under lease and not known here holds the others back until it is taken back.
      mustBeIdle: row.ordered === 1 && byId.get(row.id)?.held === 0,
    }));
  const due = await deps.hot.pickDue(trx, asked, now, deps.workerId);
  const taken = chooseByRoom(due, new Map(rows.map((row) => [row.id, row.workspace_id])), roomFor);
  const expiresAt = leaseEnd(deps, now);
  const leased = await deps.hot.lease(trx, taken, { holder: deps.workerId, expiresAt, now });
  const claimed = Map.groupBy(leased, (one) => one.connection_id);
  const pickedOf = Map.groupBy(due, (one) => one.connection_id);
  await takeRates(trx, rows, claimed, now);
  return limits.map(({ row, limit, lookAgainAt }) => {
    const opened = deps.connections.open(row);
    const own = claimed.get(row.id) ?? [];
    const deliveries = own.map((one) => toClaimed(one, opened, expiresAt));
    const picked = pickedOf.get(row.id)?.length ?? 0;
    const mayHaveMore = limit > 0 && (picked === limit || picked > own.length);
    // What another process still has under lease is not seen here.
    const isCaughtUp =
      limit > 0 && picked > 0 && !mayHaveMore && lookAgainAt === null && row.probe_at === null;
    return { connectionId: row.id, connection: opened, deliveries, mayHaveMore, isCaughtUp, lookAgainAt };
  });
}

/** Whether this worker holds what these claims took: asked when the outcome of their commit is unknown. */
export async function holdsClaims(
  db: Database,
  workerId: string,
  claims: readonly Claim[],
): Promise<boolean> {
  const taken = claims.flatMap(({ deliveries }) => deliveries);
  const [first] = taken;
  if (first === undefined) return true;
  const row = await db
    .selectFrom("deliveries")
    .select("id")
    .where("id", "=", first.id)
    .where("status", "=", "delivering")
    .where("lease_holder", "=", workerId)
    .where("lease_expires_at", "=", first.leaseExpiresAt)
    .executeTakeFirst();
  return row !== undefined;
}

/** The first of each queue that its workspace has room for. One is taken however large it is, while there is any room. */
function chooseByRoom(
  due: readonly DueRow[],
  workspaceOf: ReadonlyMap<string, string>,
  roomFor: RoomFor,
): readonly string[] {
  const room = new Map<string, number>();
  const full = new Set<string>();
  return due.flatMap(({ id, connection_id: connectionId, event_bytes: bytes }) => {
    const workspaceId = workspaceOf.get(connectionId) ?? "";
    const left = room.get(workspaceId) ?? roomFor(workspaceId);
    if (left <= 0) full.add(connectionId);
    if (full.has(connectionId)) return [];
    room.set(workspaceId, left - bytes);
    return [id];
  });
}

async function takeRates(
  trx: DatabaseTransaction,
  rows: readonly ClaimableConnection[],
  claimed: ReadonlyMap<string, readonly ClaimedRow[]>,
  now: number,
): Promise<void> {
  for (const row of rows) {
    const requests = claimed.get(row.id)?.length ?? 0;
    if (row.rate_limit_per_minute === null || requests === 0) continue;
    const rate = { perMinute: row.rate_limit_per_minute, takenUntil: row.rate_next_at };
    await trx
      .updateTable("connections")
      .set({ rate_next_at: takeFromRate(rate, requests, now) })
      .where("id", "=", row.id)
      .execute();
  }
}

function stateOf(row: ClaimableConnection): ClaimState {
  return {
    status: row.status,
    breaker: { probeAt: row.probe_at, probeDelayMs: row.probe_delay_ms },
    hold: { until: row.hold_until, lengthMs: row.hold_ms },
    rateLimitPerMinute: row.rate_limit_per_minute,
    rateTakenUntil: row.rate_next_at,
  };
}

/** Until when a lease taken now is valid. */
export function leaseEnd(deps: Pick<DeliveryDeps, "deadlineMs">, now: number): number {
  return now + deps.deadlineMs + LEASE_BEYOND_DEADLINE_MS;
}

function toClaimed(row: ClaimedRow, connection: OpenedConnection, leaseExpiresAt: number): ClaimedDelivery {
  return {
    id: row.id,
    connection,
    trigger: row.trigger_kind,
    attemptNumber: row.attempt_count + 1,
    dueAt: row.next_attempt_at ?? row.accepted_at,
    leaseExpiresAt,
    replayId: row.replay_id,
    payloadBytes: row.event_bytes,
    event: {
      id: row.event_id,
      type: row.type,
      createdAt: row.event_created_at,
      acceptedAt: row.accepted_at,
      dataJson: row.data,
      origin: row.origin,
      traceContext: row.trace_context,
    },
  };
}
