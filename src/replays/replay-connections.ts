import type { DatabaseTransaction } from "../db/open.ts";
import type { Position } from "../db/paging.ts";
import type { ReplayConnectionState } from "../domain/replay.ts";

/** A replay's progress with one connection, where that differs from its overall progress. */
export type ReplayPart = {
  readonly connectionId: string;
  readonly state: ReplayConnectionState;
  readonly consecutiveFailures: number;
  readonly position: Position | null;
};

export const NEW_PART = { state: "active", consecutiveFailures: 0, position: null } as const;

export async function readParts(
  trx: DatabaseTransaction,
  replayId: string,
): Promise<Map<string, ReplayPart>> {
  const rows = await trx
    .selectFrom("replay_connections")
    .selectAll()
    .where("replay_id", "=", replayId)
    .execute();
  return new Map(
    rows.map((row) => {
      const { connection_id: connectionId, position_created_at: createdAt, position_id: id } = row;
      const position = createdAt === null || id === null ? null : { createdAt, id };
      const part = { connectionId, state: row.state, consecutiveFailures: row.failures_in_a_row, position };
      return [connectionId, part];
    }),
  );
}

export async function savePart(
  trx: DatabaseTransaction,
  replayId: string,
  { connectionId, state, consecutiveFailures, position }: ReplayPart,
): Promise<void> {
  const columns = {
    state,
    failures_in_a_row: consecutiveFailures,
    position_created_at: position?.createdAt ?? null,
    position_id: position?.id ?? null,
  };
  await trx
    .insertInto("replay_connections")
    .values({ replay_id: replayId, connection_id: connectionId, ...columns })
    .onConflict((conflict) => conflict.columns(["replay_id", "connection_id"]).doUpdateSet(columns))
    .execute();
}

/** The earlier of two positions to continue from; null is the beginning. */
export function earlier(a: Position | null, b: Position | null): Position | null {
  if (a === null || b === null) return null;
  return a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.id < b.id) ? a : b;
}

/** The position right before a delivery. No other id sorts between two that differ only in their last digit. */
export function positionBefore({ createdAt, id }: Position): Position {
  const lastDigit = id.codePointAt(id.length - 1) ?? 0;
  return { createdAt, id: `${id.slice(0, -1)}${String.fromCodePoint(lastDigit - 1)}~` };
}
