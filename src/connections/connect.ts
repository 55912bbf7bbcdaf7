import { newId } from "../db/new-id.ts";
import type { DatabaseTransaction } from "../db/open.ts";
import type { Actor } from "../domain/actor.ts";
import {
  type Connection,
  type ConnectionIdentity,
  type Credentials,
  DELIVERY_LIMITS_DEFAULT,
  type DeliveryLimits,
} from "../domain/connection.ts";
import { type StoreKey, storeNoKey } from "../idempotency/only-once.ts";
import {
  identityOf,
  metadataColumn,
  NO_IDENTITY,
  refusingTakenId,
  writeMetadata,
} from "./connection-identity.ts";
import { type ConnectionRow, headerNamesOf, limitColumns, NO_ERROR, toConnection } from "./connection-row.ts";
import type { IntegrationsDeps } from "./deps.ts";
import { acceptWebhookUrl, credentialColumns, describeEndpoint, endpointColumns } from "./endpoint.ts";
import { requireSubscribable } from "./require-subscribable.ts";
import { bumpRoutingVersion } from "./routing-version.ts";

export type ConnectInput = {
  readonly provider: string;
  readonly name: string;
  readonly description: string | null;
  readonly credentials: Credentials;
  readonly eventTypes: readonly string[];
  /** Limits that are left out get their defaults. */
  readonly limits: Partial<DeliveryLimits>;
};

/** Left out, the connection gets no external id and no metadata. */
type Identified = { readonly identity?: ConnectionIdentity };

/**
 * Creates a connection: checks the URL, seals it together with secret and headers, and writes row, audit entry and
 * idempotency key in one transaction.
 *
 * @throws {OpenSendError} `unsafe_url`, `external_id_taken`, `forbidden`.
 */
export async function connect(
  deps: IntegrationsDeps,
  actor: Actor,
  input: ConnectInput & Identified,
  keep: StoreKey = storeNoKey,
): Promise<Connection> {
  requireSubscribable(actor, input.eventTypes);
  const url = await acceptWebhookUrl(deps.checkUrl, input.credentials.webhookUrl, actor.workspaceId);
  const row = newConnectionRow(deps, actor, input, { ...input.credentials, webhookUrl: url.href });
  await refusingTakenId(row.external_id, () =>
    deps.db.transaction().execute(async (trx) => {
      await keep(trx, row.id);
      await insertConnection(deps, trx, actor, row);
    }),
  );
  deps.changes.publish(actor.workspaceId, "connection", [row.id]);
  return toConnection({ ...row, pending_count: 0 });
}

/** Inserts a new connection with its audit entry. */
export async function insertConnection(
  deps: Pick<IntegrationsDeps, "recordAudit">,
  trx: DatabaseTransaction,
  actor: Actor,
  row: ConnectionRow,
): Promise<void> {
  await trx.insertInto("connections").values(row).execute();
  const identity = identityOf(row);
  await writeMetadata(trx, row, identity.metadata);
  await bumpRoutingVersion(trx, row.workspace_id);
  const { id, name, external_id, endpoint_preview } = row;
  const headerNames = headerNamesOf(row);
  const metadata = {
    name,
    ...(external_id === null ? {} : { external_id }),
    endpoint_preview,
    event_types: JSON.parse(row.event_types) as string[],
    ...(headerNames.length === 0 ? {} : { header_names: [...headerNames] }),
  };
  const target = { kind: "connection", id } as const;
  await deps.recordAudit(trx, { actor, action: "connection.connected", target, metadata }, row.created_at);
}

export function newConnectionRow(
  deps: Pick<IntegrationsDeps, "keyring" | "now">,
  actor: Actor,
  input: Omit<ConnectInput, "credentials"> & Identified,
  credentials: Credentials,
): ConnectionRow {
  const { externalId, metadata } = input.identity ?? NO_IDENTITY;
  const id = newId();
  const now = deps.now();
  const binding = { workspaceId: actor.workspaceId, connectionId: id };
  return {
    id,
    workspace_id: actor.workspaceId,
    provider: input.provider,
    name: input.name,
    description: input.description,
    external_id: externalId,
    metadata: metadataColumn(metadata),
    owner_key_id: actor.key?.ownerId ?? null,
    status: "connected",
    paused_reason: null,
    paused_at: null,
    paused_by: null,
    disconnected_at: null,
    ...credentialColumns(deps.keyring, binding, credentials),
    ...endpointColumns(describeEndpoint(deps.keyring, new URL(credentials.webhookUrl))),
    event_types: JSON.stringify(input.eventTypes),
    ...limitColumns({ ...DELIVERY_LIMITS_DEFAULT, ...input.limits }),
    hold_until: null,
    hold_ms: null,
    rate_next_at: 0,
    last_failure_at: null,
    health: "unknown",
    consecutive_failures: 0,
    receiver_faults: 0,
    first_failure_at: null,
    failing_since: null,
    failing_until: null,
    probe_at: null,
    probe_delay_ms: null,
    last_health_check_at: null,
    last_sync_at: now,
    last_event_at: null,
    ...NO_ERROR,
    version: 1,
    created_at: now,
    updated_at: now,
  };
}
