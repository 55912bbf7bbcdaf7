import { sql } from "kysely";
import type { DatabaseTransaction } from "../db/open.ts";
import type { Schema } from "../db/schema.ts";
import { LongWork } from "../db/turns.ts";
import type { SignatureVerdict } from "../domain/diagnostics/signature-verdict.ts";
import { INSPECTOR_REQUESTS_MAX } from "../domain/inspector.ts";
import type { Arrival } from "./arrivals.ts";
import type { InspectedConnection, StoreDeps } from "./deps.ts";
import { type JudgingSecrets, judgeSignature, type NamedSecret } from "./judge-signature.ts";
import { readOwnSecret } from "./settings.ts";

/** Limits of one request: fifty times their sum is under 2 MiB. */
const BODY_BYTES_MAX = 32 * 1024;
const HEADERS_BYTES_MAX = 8 * 1024;

/**
 * Checks the signatures of a workspace's new requests, writes them and deletes those that they replace. Secrets are
 * opened once for all of them. Requests without a delivery of the workspace's own connection are not shown, so that no
 * other workspace can add any.
 */
export async function storeArrivals(
  deps: StoreDeps,
  workspaceId: string,
  arrivals: readonly Arrival[],
): Promise<void> {
  const connection = await deps.openConnection(workspaceId);
  if (connection === null) return;
  const own = await readOwnSecret(deps, workspaceId);
  const deliveries = await deps.findDeliveries(workspaceId, connection.connectionId, arrivals.map(eventIdOf));
  const rows: Schema["inspector_requests"][] = [];
  // Each signature reads the whole body, and a flood has megabytes of bodies.
  const judging = new LongWork(workspaceId);
  for (const arrival of arrivals) {
    const pause = judging.pause();
    if (pause !== null) await pause;
    const eventId = eventIdOf(arrival);
    const delivery = deliveries.get(eventId);
    if (delivery === undefined) continue;
    rows.push({
      id: arrival.id,
      workspace_id: workspaceId,
      delivery_id: delivery.deliveryId,
      event_id: eventId,
      event_type: delivery.eventType,
      event_accepted_at: delivery.acceptedAt,
      answer: arrival.answer,
      verdict: JSON.stringify(judge(arrival, connection, own)),
      method: arrival.method,
      headers: JSON.stringify(truncateHeaders(arrival.headers)),
      body: truncateBody(arrival.body),
      body_bytes: Buffer.byteLength(arrival.body),
      created_at: arrival.arrivedAt,
    });
  }
  if (rows.length === 0) return;
  const stored = await deps.transact(async (trx) => {
    // An event may have been erased since it was sent: no copy of it must be stored afterwards.
    const eventIds = rows.map((row) => row.event_id);
    const withPayload = await deps.lockPayloads(trx, workspaceId, eventIds);
    const shown = rows.filter((row) => withPayload.has(row.event_id));
    if (shown.length > 0) await trx.insertInto("inspector_requests").values(shown).execute();
    await deleteReplaced(trx, workspaceId);
    return shown;
  });
  deps.publishChange(
    workspaceId,
    "inspector_request",
    stored.map(({ id }) => id),
  );
}

async function deleteReplaced(trx: DatabaseTransaction, workspaceId: string): Promise<void> {
  await trx
    .deleteFrom("inspector_requests")
    .where("workspace_id", "=", workspaceId)
    .where(
      sql<boolean>`(created_at, id) < (
        select created_at, id from inspector_requests where workspace_id = ${workspaceId}
        order by created_at desc, id desc limit 1 offset ${INSPECTOR_REQUESTS_MAX - 1})`,
    )
    .execute();
}

function judge(
  arrival: Arrival,
  connection: InspectedConnection,
  own: Awaited<ReturnType<typeof readOwnSecret>>,
): SignatureVerdict {
  const unreadable = { code: "secret_unreadable", header: null, secret: null } as const;
  if (own === "unreadable") return unreadable;
  if (own === null && connection.secrets === "unreadable") return unreadable;
  const signing = secretsOf(connection, arrival.arrivedAtWall);
  const secrets: JudgingSecrets = {
    checked: own === null ? signing : [{ name: "own", secret: own.secret }],
    connection: signing,
  };
  return judgeSignature({ ...arrival, arrivedAt: arrival.arrivedAtWall }, secrets);
}

function secretsOf({ secrets }: InspectedConnection, at: number): NamedSecret[] {
  if (secrets === "unreadable") return [];
  const { signingSecret, previousSecret } = secrets;
  return [
    ...(signingSecret === null ? [] : [{ name: "connection", secret: signingSecret } as const]),
    ...(previousSecret === null || previousSecret.expiresAt <= at
      ? []
      : [{ name: "previous", secret: previousSecret.secret } as const]),
  ];
}

function eventIdOf({ headers }: Arrival): string {
  return headers["webhook-id"] ?? "";
}

function truncateHeaders(headers: Arrival["headers"]): Record<string, string> {
  let left = HEADERS_BYTES_MAX;
  const kept = Object.entries(headers).filter(([name, value]) => {
    left -= Buffer.byteLength(name) + Buffer.byteLength(value);
    return left >= 0;
  });
  return Object.fromEntries(kept);
}

/** Cuts before a character that does not fit completely. */
function truncateBody(body: string): string {
  const bytes = Buffer.from(body);
  if (bytes.length <= BODY_BYTES_MAX) return body;
  return new TextDecoder().decode(bytes.subarray(0, BODY_BYTES_MAX), { stream: true });
}
