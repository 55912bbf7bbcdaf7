import type { DueRow, HotStatements, QueuedRow, QueueState } from "../db/hot-statements.ts";
import type { ReadHot } from "../db/open.ts";
import { type ClaimState, claimLimit } from "../domain/claim-limit.ts";
import { addToRate, laterInRate } from "../domain/rate-limit.ts";
import type { DueDelivery } from "./due-delivery.ts";
import type { OpenedConnection, OpenedConnections } from "./opened-connections.ts";

/** A request to read one connection's queue. */
export type QueueRequest = {
  readonly connectionId: string;
  readonly wanted: number;
  /** Deliveries that this process already has: they are pending until they are recorded, and are not taken twice. */
  readonly buffered: ReadonlySet<string>;
  /** The time until which this process's requests use up the connection's rate. */
  readonly rateUsedUntil: number;
};

/** Bytes of payload that can still be buffered for a workspace; zero or negative when there is no room. */
export type FreeBytes = (workspaceId: string) => number;

/** The result of reading one connection's queue. */
export type DueBatch = {
  readonly connectionId: string;
  readonly connection: OpenedConnection;
  readonly deliveries: readonly DueDelivery[];
  /** The read reached its limit: there may be more. */
  readonly mayHaveMore: boolean;
  /** All due deliveries were taken, and nothing in the connection's state prevents sending. */
  readonly isCaughtUp: boolean;
  /** When to look again if the limit does not depend on the queue; epoch milliseconds. */
  readonly lookAgainAt: number | null;
  readonly rateUsedUntil: number;
  /** Tests past their deadline that no one will record: the process that sent them has ended. */
  readonly interruptedTests: readonly string[];
};

type ReaderDeps = {
  readonly read: ReadHot;
  readonly hot: Pick<HotStatements, "readQueues" | "pickDue" | "readDue">;
  readonly connections: Pick<OpenedConnections, "open">;
  /** How long another process may still be sending to a connection with this timeout, in milliseconds. */
  readonly othersEndInMs: (connectionId: string, timeoutMs: number) => number;
};

type Limit = {
  readonly row: QueueState;
  readonly request: QueueRequest;
  readonly rateUsedUntil: number;
  readonly limit: number;
  readonly lookAgainAt: number | null;
};

/**
 * Reads the due deliveries of queues that this process owns. Nothing is written: a delivery stays pending in the
 * database until its attempt is recorded, and only the owner knows which ones it has buffered.
 */
export class DueReader {
  readonly #deps: ReaderDeps;

  constructor(deps: ReaderDeps) {
    this.#deps = deps;
  }

  /**
   * Takes from each queue as many as are wanted and the connection's state allows, oldest first, and for each workspace
   * no more payload than there is room for. Leaves out connections that no longer exist.
   */
  async read(requests: readonly QueueRequest[], freeBytes: FreeBytes, now: number): Promise<DueBatch[]> {
    const { read, hot, othersEndInMs } = this.#deps;
    return read(async (connection) => {
      const byId = new Map(requests.map((request) => [request.connectionId, request]));
      const states = await hot.readQueues(connection, [...byId.keys()]);
      const limits = states.flatMap((row) => {
        const request = byId.get(row.id);
        if (request === undefined) return [];
        const othersEndIn = othersEndInMs(row.id, row.timeout_seconds * 1000);
        return limitOf(row, request, othersEndIn, now);
      });
      const requested = limits
        .filter(({ limit }) => limit > 0)
        // Buffered deliveries are the oldest due ones, or were not due when they were taken, so they are read along
        // with the others.
        .map(({ row, request, limit }) => ({ connectionId: row.id, limit: limit + request.buffered.size }));
      const due = Map.groupBy(await hot.pickDue(connection, requested, now), (one) => one.connection_id);
      const remaining = new RemainingBytes(freeBytes);
      const chosen = limits.map((limit) => choose(limit, due.get(limit.row.id) ?? [], remaining));
      const taken = chosen.flatMap(({ ids }) => ids);
      const rows = Map.groupBy(await hot.readDue(connection, taken), (one) => one.connection_id);
      return chosen.map((one) => this.#toBatch(one, rows.get(one.limit.row.id) ?? [], now));
    });
  }

  #toBatch(
    { limit: of, picked, unbuffered, ids, interruptedTests }: Chosen,
    rows: readonly QueuedRow[],
    now: number,
  ): DueBatch {
    const { row, request, limit, lookAgainAt } = of;
    const connection = this.#deps.connections.open(row);
    const perMinute = row.rate_limit_per_minute;
    let { rateUsedUntil } = of;
    const deliveries = rows.map((one) => {
      if (perMinute !== null) rateUsedUntil = addToRate({ perMinute, usedUntil: rateUsedUntil }, 1, now);
      return toDue(one, connection, perMinute === null ? null : rateUsedUntil);
    });
    const mayHaveMore = limit > 0 && (picked === limit + request.buffered.size || unbuffered > ids.length);
    const isCaughtUp = limit > 0 && !mayHaveMore && lookAgainAt === null && row.probe_at === null;
    return {
      connectionId: row.id,
      connection,
      deliveries,
      mayHaveMore,
      isCaughtUp,
      lookAgainAt,
      rateUsedUntil,
      interruptedTests,
    };
  }
}

type Chosen = {
  readonly limit: Limit;
  /** Rows that were found, including buffered ones. */
  readonly picked: number;
  /** Number of those that are not buffered yet. */
  readonly unbuffered: number;
  readonly ids: readonly string[];
  readonly interruptedTests: readonly string[];
};

/** The room of each workspace, minus what has been chosen. */
class RemainingBytes {
  readonly #freeBytes: FreeBytes;
  readonly #left = new Map<string, number>();

  constructor(freeBytes: FreeBytes) {
    this.#freeBytes = freeBytes;
  }

  /** While there is any room, one delivery of any size is taken. */
  take(workspaceId: string, bytes: number): boolean {
    const left = this.#left.get(workspaceId) ?? this.#freeBytes(workspaceId);
    if (left <= 0) return false;
    this.#left.set(workspaceId, left - bytes);
    return true;
  }
}

function limitOf(row: QueueState, request: QueueRequest, othersEndInMs: number, now: number): Limit {
  const perMinute = row.rate_limit_per_minute;
  const rateUsedUntil =
    perMinute === null ? 0 : laterInRate(perMinute, row.rate_next_at, request.rateUsedUntil, now);
  const state: ClaimState = {
    status: row.status,
    breaker: { probeAt: row.probe_at, probeDelayMs: row.probe_delay_ms },
    hold: { until: row.hold_until, lengthMs: row.hold_ms },
    rateLimitPerMinute: perMinute,
    rateUsedUntil,
  };
  const of = { row, request, rateUsedUntil: rateUsedUntil };
  if (othersEndInMs > 0) return { ...of, limit: 0, lookAgainAt: now + othersEndInMs };
  return { ...of, ...claimLimit(state, request.wanted, request.buffered.size, now) };
}

function choose(limit: Limit, due: readonly DueRow[], remaining: RemainingBytes): Chosen {
  const { row, request } = limit;
  const found = due.filter(({ id }) => !request.buffered.has(id));
  const unbuffered = found.filter(({ trigger_kind: trigger }) => trigger !== "test").slice(0, limit.limit);
  const ids: string[] = [];
  for (const { id, event_bytes: bytes } of unbuffered) {
    if (!remaining.take(row.workspace_id, bytes)) break;
    ids.push(id);
  }
  const interruptedTests = found
    .filter(({ trigger_kind: trigger }) => trigger === "test")
    .map(({ id }) => id);
  return { limit, picked: due.length, unbuffered: unbuffered.length, ids, interruptedTests };
}

/** A stored delivery and its event, ready to be sent. */
export function toDue(
  row: QueuedRow,
  connection: OpenedConnection,
  rateUsedUntil: number | null,
): DueDelivery {
  return {
    id: row.id,
    connection,
    trigger: row.trigger_kind,
    attemptNumber: row.attempt_count + 1,
    dueAt: row.next_attempt_at ?? row.accepted_at,
    replayId: row.replay_id,
    payloadBytes: row.event_bytes,
    rateUsedUntil,
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
