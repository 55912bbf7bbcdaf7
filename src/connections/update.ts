import type { Actor } from "../domain/actor.ts";
import {
  type Connection,
  type ConnectionIdentity,
  type Credentials,
  type DeliveryLimits,
  nextConnectionStatus,
} from "../domain/connection.ts";
import { OpenSendError } from "../domain/errors.ts";
import { anyVersion, type VersionCheck } from "../domain/version-check.ts";
import { type Change, changeConnection, ifCurrent } from "./change-connection.ts";
import { identityOf, metadataColumn } from "./connection-identity.ts";
import { type ConnectionRow, limitColumns, limitsOf, NO_ERROR } from "./connection-row.ts";
import type { IntegrationsDeps } from "./deps.ts";
import { acceptWebhookUrl, describeEndpoint, endpointColumns, sealCredentials } from "./endpoint.ts";
import { openRow } from "./open-row.ts";
import { requireSubscribable } from "./require-subscribable.ts";

/** What to change; a member left out stays as it is. A null secret removes it. */
export type UpdateInput = {
  readonly name?: string;
  readonly description?: string | null;
  readonly webhookUrl?: string;
  readonly signingSecret?: string | null;
  readonly eventTypes?: readonly string[];
  readonly limits?: Partial<DeliveryLimits>;
};

/** With what callers know it by. */
export type ConnectionUpdate = UpdateInput & { readonly identity?: IdentityChange };

export type IdentityChange = {
  readonly externalId?: string | null;
  readonly metadata?: (before: ConnectionIdentity["metadata"]) => ConnectionIdentity["metadata"];
};

/**
 * Changes a connection. With a webhook URL it connects a disconnected one again.
 *
 * @throws {OpenSendError} `not_found`, `unsafe_url`, `version_conflict`, `not_connected`, `credentials_unreadable`,
 *   `external_id_taken`, `forbidden`.
 */
export async function update(
  deps: IntegrationsDeps,
  actor: Actor,
  id: string,
  input: ConnectionUpdate,
  isCurrent: VersionCheck = anyVersion,
): Promise<Connection> {
  const { webhookUrl } = input;
  const url =
    webhookUrl === undefined ? null : await acceptWebhookUrl(deps.checkUrl, webhookUrl, actor.workspaceId);
  const decide = ifCurrent(isCurrent, (row) => {
    requireUpdatable(actor, row, input);
    return decideUpdate(deps, row, input, url);
  });
  return changeConnection(deps, actor, id, decide);
}

/**
 * A key that is limited to some event types may point no connection elsewhere that receives others.
 *
 * @throws {OpenSendError} `forbidden`.
 */
export function requireUpdatable(actor: Actor, row: ConnectionRow, input: UpdateInput): void {
  const { eventTypes, webhookUrl } = input;
  if (eventTypes === undefined && webhookUrl === undefined) return;
  requireSubscribable(actor, eventTypes ?? (JSON.parse(row.event_types) as string[]));
}

export function decideUpdate(
  deps: IntegrationsDeps,
  row: ConnectionRow,
  input: ConnectionUpdate,
  url: URL | null,
): Change {
  const columns: Partial<ConnectionRow> = identityColumns(row, input.identity);
  if (input.name !== undefined) columns.name = input.name;
  if (input.description !== undefined) columns.description = input.description;
  if (input.eventTypes !== undefined) columns.event_types = JSON.stringify(input.eventTypes);
  const limits = { ...limitsOf(row), ...input.limits };
  const isOrderedNow = limits.ordered && row.ordered === 0;
  if (input.limits !== undefined) Object.assign(columns, limitColumns(limits));
  if (row.ordered === 1 && !limits.ordered) Object.assign(columns, { hold_until: null, hold_ms: null });
  if (url !== null || input.signingSecret !== undefined) {
    const credentials = nextCredentials(deps, row, input, url);
    const binding = { workspaceId: row.workspace_id, connectionId: row.id };
    columns.sealed_credentials = sealCredentials(deps.keyring, binding, credentials);
    columns.has_signing_secret = credentials.signingSecret === null ? 0 : 1;
    columns.previous_secret_expires_at = credentials.previousSecret?.expiresAt ?? null;
  }
  if (url !== null) {
    Object.assign(columns, endpointColumns(describeEndpoint(deps.keyring, url)), {
      status: nextConnectionStatus(row.status, "reconnect") ?? row.status,
      disconnected_at: null,
      // What was known of the old receiver says nothing of the new one.
      health: "unknown",
      consecutive_failures: 0,
      receiver_faults: 0,
      first_failure_at: null,
      failing_since: null,
      failing_until: null,
      probe_at: null,
      probe_delay_ms: null,
      hold_until: null,
      hold_ms: null,
      ...NO_ERROR,
    });
  }
  // A new receiver asked for no rest, and gets at once what waits for another attempt.
  const isDueAnew = isOrderedNow || url !== null;
  return {
    columns,
    action: "connection.updated",
    metadata: describeChange(row, columns, input),
    ...(isDueAnew ? { alongside: (trx) => deps.queue.restoreOrder(trx, row.id, deps.now()) } : {}),
  };
}

function identityColumns(row: ConnectionRow, change: IdentityChange = {}): Partial<ConnectionRow> {
  const { externalId, metadata } = change;
  return {
    ...(externalId === undefined ? {} : { external_id: externalId }),
    ...(metadata === undefined ? {} : { metadata: metadataColumn(metadata(identityOf(row).metadata)) }),
  };
}

function nextCredentials(
  deps: IntegrationsDeps,
  row: ConnectionRow,
  input: UpdateInput,
  url: URL | null,
): Credentials {
  if (url !== null && (input.signingSecret !== undefined || row.has_signing_secret === 0)) {
    return { webhookUrl: url.href, signingSecret: input.signingSecret ?? null };
  }
  if (row.sealed_credentials === null) {
    throw new OpenSendError(
      "not_connected",
      "This connection is disconnected and has no webhook URL to sign for. Send webhook_url together with signing_secret.",
    );
  }
  const current = openRow(deps, row, row.sealed_credentials);
  const webhookUrl = url?.href ?? current.webhookUrl;
  // A secret that is set by hand ends a rotation.
  if (input.signingSecret !== undefined) return { webhookUrl, signingSecret: input.signingSecret };
  return { ...current, webhookUrl };
}

/** Names what changed; of sealed fields only that they did. */
function describeChange(row: ConnectionRow, columns: Partial<ConnectionRow>, input: ConnectionUpdate) {
  return {
    name: columns.name ?? row.name,
    changed: [
      ...(input.name === undefined ? [] : ["name"]),
      ...(input.description === undefined ? [] : ["description"]),
      ...(input.identity?.externalId === undefined ? [] : ["external_id"]),
      ...(input.identity?.metadata === undefined ? [] : ["metadata"]),
      ...(input.webhookUrl === undefined ? [] : ["webhook_url"]),
      ...(input.signingSecret === undefined ? [] : ["signing_secret"]),
      ...(input.eventTypes === undefined ? [] : ["event_types"]),
      ...(input.limits?.ordered === undefined ? [] : ["ordered"]),
      ...(input.limits?.concurrency === undefined ? [] : ["concurrency"]),
      ...(input.limits?.rateLimitPerMinute === undefined ? [] : ["rate_limit_per_minute"]),
    ],
    endpoint_preview: columns.endpoint_preview ?? row.endpoint_preview,
    has_signing_secret: (columns.has_signing_secret ?? row.has_signing_secret) === 1,
  };
}
