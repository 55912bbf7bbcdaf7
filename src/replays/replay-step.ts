import { type RawBuilder, type SqlBool, sql } from "kysely";
import { isAmong } from "../db/among.ts";
import { offIndex } from "../db/off-index.ts";
import type { DatabaseTransaction, Dialect } from "../db/open.ts";
import type { Position } from "../db/paging.ts";
import { isTroubled, type ReplayAccess, type ReplayedConnection, replayAccess } from "../domain/replay.ts";
import { logPending } from "../statistics/log-entry.ts";
import { findCandidates } from "./find-candidates.ts";
import { countOutstanding, QUEUED_OF_CONNECTION_MAX } from "./outstanding.ts";
import { readReplayedConnections } from "./read-replayed-connections.ts";
import {
  earlier,
  NEW_PART,
  positionBefore,
  type ReplayPart,
  readParts,
  savePart,
} from "./replay-connections.ts";
import { type ReplayFilter, type ReplayRow, readStoredFilter } from "./replay-row.ts";
import { withdraw } from "./withdraw.ts";

/** Waiting connections that continue in one step; the others come next. */
const PARTS_PER_STEP_MAX = 20;

export type Queued = { readonly id: string; readonly connection_id: string };

type Walked = { readonly ids: readonly string[]; readonly position: Position | null };

/**
 * One step of a replay: walks through all deliveries from the oldest on. Deliveries of receivers that accept nothing
 * are left behind, and the replay continues with them from there once the receiver accepts.
 */
export class ReplayStep {
  readonly #trx: DatabaseTransaction;
  readonly #dialect: Dialect;
  readonly #replay: ReplayRow;
  readonly #filter: ReplayFilter;
  readonly #now: number;
  readonly #parts: Map<string, ReplayPart>;
  readonly #outstanding: Map<string, number>;
  readonly #connections: Map<string, ReplayedConnection>;
  #position: Position | null;
  #hasQueuedAll: boolean;
  #hasChangedParts = false;
  #queuedCount = 0;
  #skippedCount = 0;

  private constructor(
    trx: DatabaseTransaction,
    dialect: Dialect,
    replay: ReplayRow,
    now: number,
    parts: Map<string, ReplayPart>,
    outstanding: Map<string, number>,
    connections: Map<string, ReplayedConnection>,
  ) {
    this.#trx = trx;
    this.#dialect = dialect;
    this.#replay = replay;
    this.#now = now;
    this.#parts = parts;
    this.#outstanding = outstanding;
    this.#connections = connections;
    this.#filter = readStoredFilter(replay.filter);
    this.#hasQueuedAll = replay.has_queued_all === 1;
    const { position_created_at: createdAt, position_id: id } = replay;
    this.#position = createdAt === null || id === null ? null : { createdAt, id };
  }

  static async begin(
    trx: DatabaseTransaction,
    dialect: Dialect,
    replay: ReplayRow,
    now: number,
  ): Promise<ReplayStep> {
    const parts = await readParts(trx, replay.id);
    const outstanding = await countOutstanding(trx, replay.id);
    const connections = await readReplayedConnections({ db: trx, dialect }, [
      ...parts.keys(),
      ...outstanding.keys(),
    ]);
    return new ReplayStep(trx, dialect, replay, now, parts, outstanding, connections);
  }

  get outstandingCount(): number {
    return this.#outstanding.values().reduce((sum, count) => sum + count, 0);
  }

  get hasQueuedAll(): boolean {
    return this.#hasQueuedAll;
  }

  /** Whether it has advanced, even without a delivery to queue. */
  get hasMoved(): boolean {
    const { has_queued_all, position_id } = this.#replay;
    const hasReachedEnd = this.#hasQueuedAll !== (has_queued_all === 1);
    return hasReachedEnd || this.#hasChangedParts || (this.#position?.id ?? null) !== position_id;
  }

  /** Whether all remaining deliveries wait for receivers that accept nothing. */
  get isWaiting(): boolean {
    if (!this.#hasQueuedAll || this.#waiting().length === 0) return false;
    if (this.#waiting().some(({ connectionId }) => this.#accessOf(connectionId) === "open")) return false;
    return [...this.#outstanding.keys()].every((id) => this.#accessOf(id) !== "open");
  }

  /** The columns of the replay that the step has changed. */
  get progress() {
    return {
      queued: sql<number>`queued + ${this.#queuedCount}`,
      skipped: sql<number>`skipped + ${this.#skippedCount}`,
      position_created_at: this.#position?.createdAt ?? null,
      position_id: this.#position?.id ?? null,
      has_queued_all: this.#hasQueuedAll ? 1 : 0,
    };
  }

  /** Withdraws deliveries whose receiver accepts nothing, so that they neither fill the replay nor leave in a burst. */
  async withdrawFromTroubled(): Promise<readonly string[]> {
    const recalled: string[] = [];
    for (const [connectionId, count] of [...this.#outstanding]) {
      const access = this.#accessOf(connectionId);
      if (access === "open" || (access === "probe" && count <= 1)) continue;
      const { before, deliveries } = await withdraw(
        this.#trx,
        this.#dialect,
        this.#replay.id,
        connectionId,
        this.#now,
      );
      if (before === null) continue;
      this.#outstanding.set(connectionId, Math.max(0, count - deliveries));
      const part = this.#partOf(connectionId);
      const position = part.state === "waiting" ? earlier(part.position, before) : before;
      if (part.state !== "stopped") await this.#save({ ...part, state: "waiting", position });
      recalled.push(connectionId);
    }
    return recalled;
  }

  /** Queues at most this many. */
  async queueMore(max: number): Promise<readonly Queued[]> {
    const ids: string[] = [];
    if (!this.#hasQueuedAll) {
      const walked = await this.#walkAll(max);
      ids.push(...walked.ids);
      this.#hasQueuedAll = walked.position === null;
      this.#position = walked.position ?? this.#position;
    }
    const parts = this.#waiting()
      .filter(({ connectionId }) => this.#slotsOf(connectionId) > 0)
      .toSorted((a, b) => (a.position?.createdAt ?? 0) - (b.position?.createdAt ?? 0))
      .slice(0, PARTS_PER_STEP_MAX);
    for (const part of parts) {
      const left = max - ids.length;
      if (left <= 0) break;
      ids.push(...(await this.#walkPart(part, Math.ceil(left / parts.length))));
    }
    const queued = await this.#enqueue(ids);
    this.#queuedCount += queued.length;
    return queued;
  }

  /** Walks through all deliveries except those of connections that are walked separately. */
  async #walkAll(max: number): Promise<Walked> {
    const apart = [...this.#parts.values()]
      .filter(({ state }) => state === "waiting" || state === "done")
      .map(({ connectionId }) => connectionId);
    const connection = offIndex("deliveries.connection_id");
    const also: RawBuilder<SqlBool>[] =
      apart.length === 0 ? [] : [sql`not (${isAmong(this.#dialect, connection, apart)})`];
    return this.#walk(this.#filter, this.#position, also, max);
  }

  async #walkPart(part: ReplayPart, max: number): Promise<readonly string[]> {
    const { connectionId } = part;
    const filter = { ...this.#filter, connectionIds: [connectionId] };
    // If positions overlap, deliveries that were sent since the replay's start are not sent again.
    const startedAt = this.#replay.created_at;
    const also = [
      sql<SqlBool>`(deliveries.last_attempt_at is null or deliveries.last_attempt_at < ${startedAt})`,
    ];
    const walked = await this.#walk(filter, part.position, also, Math.min(max, this.#slotsOf(connectionId)));
    await this.#save({
      ...part,
      state: walked.position === null ? "done" : "waiting",
      position: walked.position ?? part.position,
    });
    return walked.ids;
  }

  async #walk(
    filter: ReplayFilter,
    after: Position | null,
    also: readonly RawBuilder<SqlBool>[],
    max: number,
  ): Promise<Walked> {
    const { candidates, sliceEnd } = await findCandidates(
      { db: this.#trx, dialect: this.#dialect },
      this.#replay,
      { filter, after, also },
    );
    const ids: string[] = [];
    const leftBehind = new Set<string>();
    const isPart = filter.connectionIds?.length === 1 && this.#parts.has(filter.connectionIds[0] ?? "");
    let last: Position | null = after;
    for (const one of candidates) {
      const { connectionId } = one;
      if (ids.length === max) return { ids, position: last };
      this.#connections.set(connectionId, one.connection);
      if (!leftBehind.has(connectionId)) {
        if (!one.isSendable || this.#isLeftOut(connectionId)) {
          this.#skippedCount++;
        } else if (this.#slotsOf(connectionId) > 0) {
          ids.push(one.id);
          this.#outstanding.set(connectionId, (this.#outstanding.get(connectionId) ?? 0) + 1);
        } else if (isPart && this.#partOf(connectionId).state === "waiting") {
          return { ids, position: last };
        } else {
          leftBehind.add(connectionId);
          await this.#save({
            ...this.#partOf(connectionId),
            state: "waiting",
            position: positionBefore(one),
          });
        }
      }
      last = { createdAt: one.createdAt, id: one.id };
    }
    return { ids, position: sliceEnd };
  }

  #isLeftOut(connectionId: string): boolean {
    const { state } = this.#partOf(connectionId);
    if (state === "stopped" || state === "left_out") return true;
    const connection = this.#connections.get(connectionId);
    if (this.#replay.healthy_only === 0 || connection === undefined) return false;
    return isTroubled(connection, this.#now);
  }

  #slotsOf(connectionId: string): number {
    const max = { open: QUEUED_OF_CONNECTION_MAX, probe: 1, closed: 0 }[this.#accessOf(connectionId)];
    return Math.max(0, max - (this.#outstanding.get(connectionId) ?? 0));
  }

  #accessOf(connectionId: string): ReplayAccess {
    const connection = this.#connections.get(connectionId);
    return connection === undefined ? "open" : replayAccess(connection, this.#replay.starts, this.#now);
  }

  #waiting(): readonly ReplayPart[] {
    return [...this.#parts.values()].filter(({ state }) => state === "waiting");
  }

  #partOf(connectionId: string): ReplayPart {
    return this.#parts.get(connectionId) ?? { ...NEW_PART, connectionId };
  }

  async #save(part: ReplayPart): Promise<void> {
    const before = this.#parts.get(part.connectionId);
    if (before !== undefined && isSame(before, part)) return;
    this.#parts.set(part.connectionId, part);
    this.#hasChangedParts = true;
    await savePart(this.#trx, this.#replay.id, part);
  }

  /** Checks the status again: a delivery that a person has retried meanwhile is not part of this replay. */
  async #enqueue(ids: readonly string[]): Promise<Queued[]> {
    if (ids.length === 0) return [];
    const queued = await this.#trx
      .updateTable("deliveries")
      .set({
        status: "pending",
        trigger_kind: "manual",
        next_attempt_at: this.#now,
        replay_id: this.#replay.id,
        replayed_from: sql`status`,
        updated_at: this.#now,
      })
      .where((eb) => isAmong(this.#dialect, eb.ref("id"), ids))
      .where(sql<boolean>`${offIndex("status")} in (${sql.join(this.#filter.statuses)})`)
      .returning(["id", "connection_id"])
      .execute();
    const workspaceId = this.#replay.workspace_id;
    const changes = queued.map((row) => ({ workspaceId, connectionId: row.connection_id, change: 1 }));
    await logPending(this.#trx, changes, this.#now);
    return queued;
  }
}

function isSame(a: ReplayPart, b: ReplayPart): boolean {
  return (
    a.state === b.state &&
    a.position?.id === b.position?.id &&
    a.position?.createdAt === b.position?.createdAt
  );
}
