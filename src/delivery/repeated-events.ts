import { OpenSendError } from "../core/errors.ts";
import type { NewEvent } from "../core/read-event.ts";
import type { DatabaseTransaction } from "../store/open.ts";
import type { AcceptedEvent, AcceptRequest } from "./accept.ts";

/**
 * Events that came with an id and are stored already: sent again, they are answered as the first time.
 *
 * @throws {OpenSendError} `event_id_reused` when the id stands for another event.
 */
export async function findRepeatedEvents(
  trx: DatabaseTransaction,
  requests: readonly AcceptRequest[],
): Promise<ReadonlyMap<string, AcceptedEvent>> {
  const found = new Map<string, AcceptedEvent>();
  for (const { workspaceId, events } of requests) {
    for (const event of events) {
      if (event.id === null) continue;
      const stored = await readStored(trx, event.id);
      if (stored === undefined) continue;
      if (!isSame(stored, workspaceId, event)) {
        throw new OpenSendError(
          "event_id_reused",
          "An event with this id exists and is another one. Use a new id, or leave it out.",
        );
      }
      const { id, type, created_at: createdAt, deliveries } = stored;
      found.set(id, { id, type, createdAt, deliveries: Number(deliveries) });
    }
  }
  return found;
}

async function readStored(trx: DatabaseTransaction, id: string) {
  return trx
    .selectFrom("events")
    .select((eb) => [
      "id",
      "workspace_id",
      "type",
      "created_at",
      "data",
      eb
        .selectFrom("deliveries")
        .select((count) => count.fn.countAll<number>().as("count"))
        .whereRef("deliveries.event_id", "=", "events.id")
        .as("deliveries"),
    ])
    .where("id", "=", id)
    .executeTakeFirst();
}

type Stored = NonNullable<Awaited<ReturnType<typeof readStored>>>;

function isSame(stored: Stored, workspaceId: string, event: NewEvent): boolean {
  return (
    stored.workspace_id === workspaceId &&
    stored.type === event.type &&
    // What the first one carried may have had its time; then the rest must tell.
    (stored.data === "" || stored.data === event.dataJson) &&
    (event.createdAt === null || event.createdAt === stored.created_at)
  );
}
