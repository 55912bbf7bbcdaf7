import { type RawBuilder, sql } from "kysely";
import type { DatabaseTransaction, Dialect } from "../db/open.ts";
import { OpenSendError } from "../domain/errors.ts";
import type { AcceptedEvent } from "./accept-events.ts";
import type { StoredEvent } from "./event-rows.ts";
import type { AcceptItem, IdentifiedEvent } from "./plan-accept.ts";

/** An event that is stored, or will be by the current transaction. */
type KnownEvent = {
  readonly accepted: AcceptedEvent;
  /** Empty once retention has deleted it. */
  readonly dataJson: string;
};

type Row = {
  readonly workspace_id: string;
  readonly id: string;
  readonly type: string;
  readonly created_at: number;
  readonly data: string;
  readonly deliveries: number;
};

/** Identifies an event across all workspaces. */
export function eventKey(workspaceId: string, id: string): string {
  return `${workspaceId} ${id}`;
}

/** The events of a batch of requests that are already stored, and those that the batch has added so far. */
export class KnownEvents {
  readonly #byKey = new Map<string, KnownEvent>();

  static async read(
    trx: DatabaseTransaction,
    dialect: Dialect,
    items: readonly AcceptItem[],
  ): Promise<KnownEvents> {
    const known = new KnownEvents();
    const wanted = items.flatMap(({ workspaceId, events, looksUpAll }) =>
      events.filter(({ isIdGiven }) => isIdGiven || looksUpAll).map(({ id }) => [workspaceId, id] as const),
    );
    if (wanted.length === 0) return known;
    const { rows } = await sql<Row>`
      select workspace_id, id, type, created_at, data, (
        select count(*) from deliveries
        where deliveries.workspace_id = events.workspace_id and deliveries.event_id = events.id) as deliveries
      from events where (workspace_id, id) in (${pairs(dialect, wanted)})`.execute(trx);
    for (const row of rows) {
      const accepted = {
        id: row.id,
        type: row.type,
        createdAt: row.created_at,
        deliveries: Number(row.deliveries),
      };
      known.#byKey.set(eventKey(row.workspace_id, row.id), { accepted, dataJson: row.data });
    }
    return known;
  }

  find(workspaceId: string, id: string): KnownEvent | undefined {
    if (this.#byKey.size === 0) return undefined;
    return this.#byKey.get(eventKey(workspaceId, id));
  }

  add(event: StoredEvent, deliveries: number): void {
    const { id, type, createdAt, dataJson, workspaceId } = event;
    this.#byKey.set(eventKey(workspaceId, id), { accepted: { id, type, createdAt, deliveries }, dataJson });
  }

  /** The reason why a request cannot be stored: one of its ids belongs to a different event. Null if there is none. */
  findConflict({ workspaceId, events }: AcceptItem): OpenSendError | null {
    if (this.#byKey.size === 0) return null;
    const isBatch = events.length > 1;
    const fields = [...events.entries()].flatMap(([index, event]) => {
      const stored = this.find(workspaceId, event.id);
      const differing = stored === undefined ? [] : differingMembers(stored, event);
      if (differing.length === 0) return [];
      const message = `An event with this id is stored with a different ${listed(differing)}. Use a new id, or leave it out.`;
      return [{ path: isBatch ? `${index}.id` : "id", message }];
    });
    const [first] = fields;
    if (first === undefined) return null;
    const detail = isBatch ? `\`${first.path}\`: ${first.message} Nothing was stored.` : first.message;
    return new OpenSendError("event_id_reused", detail, { fields });
  }
}

/**
 * The members in which an event differs from the stored one with its id. A different time alone does not count: senders
 * often set it again when they retry.
 */
function differingMembers({ accepted, dataJson }: KnownEvent, event: IdentifiedEvent): string[] {
  const differing = [
    ...(accepted.type === event.type ? [] : ["type"]),
    ...(dataJson === "" || dataJson === event.dataJson ? [] : ["data"]),
  ];
  const isTimeOther = event.createdAt !== null && event.createdAt !== accepted.createdAt;
  return differing.length > 0 && isTimeOther ? [...differing, "created_at"] : differing;
}

function listed(members: readonly string[]): string {
  return members.map((member) => `\`${member}\``).join(" and ");
}

function pairs(dialect: Dialect, wanted: readonly (readonly [string, string])[]): RawBuilder<unknown> {
  if (dialect === "sqlite")
    return sql`select value ->> 0, value ->> 1 from json_each(${JSON.stringify(wanted)})`;
  return sql`select * from unnest(${wanted.map(([id]) => id)}::text[], ${wanted.map(([, id]) => id)}::text[])`;
}
