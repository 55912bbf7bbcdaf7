import { type RawBuilder, type SqlBool, sql } from "kysely";
import { isAmong } from "../db/among.ts";
import { type Position, ROWS_LOOKED_AT_MAX } from "../db/paging.ts";
import type { ReplayedConnection } from "../domain/replay.ts";
import { chooseWalk, readNext, readWalkEnd, type WalkDeps } from "../history/delivery-walk.ts";
import { eventOfDelivery } from "../history/event-of-delivery.ts";
import { asOf } from "./as-of.ts";
import { REPLAYED_CONNECTION_COLUMNS, toReplayedConnection } from "./read-replayed-connections.ts";
import type { ReplayFilter, ReplayRow } from "./replay-row.ts";

/** Deliveries examined in one step: more than are queued, so that many that cannot be sent are passed quickly. */
const CANDIDATES_MAX = 1000;

export type Candidate = Position & {
  readonly connectionId: string;
  readonly connection: ReplayedConnection;
  /** Its connection is not disconnected and its payload not deleted. */
  readonly isSendable: boolean;
};

export type Candidates = {
  /** Oldest first. */
  readonly candidates: readonly Candidate[];
  /** Where to continue; null when all have been examined. */
  readonly sliceEnd: Position | null;
};

type Range = {
  readonly filter: ReplayFilter;
  readonly after: Position | null;
  readonly also: readonly RawBuilder<SqlBool>[];
};

/** Tests are never replayed. */
export const NO_TEST = sql<SqlBool>`deliveries.trigger_kind <> 'test'`;

/**
 * The next deliveries that a replay matches, from a bounded slice. Locks their events, so that no payload is deleted
 * while one of its deliveries becomes pending again.
 */
export async function findCandidates(
  deps: WalkDeps,
  replay: ReplayRow,
  { filter: requested, after, also }: Range,
): Promise<Candidates> {
  const filter = asOf(requested, replay.created_at);
  const chosen = chooseWalk(deps.dialect, replay.workspace_id, filter);
  const walk = { ...chosen, also: [NO_TEST, ...also] };
  const slice = { after, direction: "asc" } as const;
  const until = await readWalkEnd(deps, walk, filter, { ...slice, rowsMax: ROWS_LOOKED_AT_MAX });
  const limit = CANDIDATES_MAX;
  const positions = await readNext(deps, replay.workspace_id, walk, filter, { ...slice, until, limit });
  const sliceEnd = positions.length === limit ? (positions.at(-1) ?? null) : until;
  return { candidates: await readCandidates(deps, positions), sliceEnd };
}

async function readCandidates(
  { db, dialect }: WalkDeps,
  positions: readonly Position[],
): Promise<readonly Candidate[]> {
  if (positions.length === 0) return [];
  const ids = positions.map(({ id }) => id);
  const rows = await db
    .selectFrom("deliveries")
    .innerJoin("events", eventOfDelivery)
    .innerJoin("connections", "connections.id", "deliveries.connection_id")
    .select(["deliveries.id", "deliveries.created_at", "deliveries.connection_id"])
    .select(REPLAYED_CONNECTION_COLUMNS)
    .select(sql<number>`case when events.data = '' then 1 else 0 end`.as("is_payload_deleted"))
    .where((eb) => isAmong(dialect, eb.ref("deliveries.id"), ids))
    .orderBy("deliveries.created_at")
    .orderBy("deliveries.id")
    .$if(dialect === "postgres", (query) => query.forShare("events"))
    .execute();
  return rows.map((row) => ({
    id: row.id,
    createdAt: row.created_at,
    connectionId: row.connection_id,
    connection: toReplayedConnection(row),
    isSendable: row.connection_status !== "disconnected" && row.is_payload_deleted === 0,
  }));
}
