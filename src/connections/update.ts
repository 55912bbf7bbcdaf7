import type { Actor } from "../domain/actor.ts";
import {
  type Connection,
  type ConnectionIdentity,
  type Credentials,
  type DeliveryLimits,
  nextConnectionStatus,
} from "../domain/connection.ts";
import { changeHeaders, findHeadersFault, type HeaderChanges, namesAll } from "../domain/custom-headers.ts";
import { OpenSendError } from "../domain/errors.ts";
import { anyVersion, type VersionCheck } from "../domain/version-check.ts";
import { type Change, changeConnection, ifCurrent } from "./change-connection.ts";
import { identityOf, metadataColumn } from "./connection-identity.ts";
import { type ConnectionRow, headerNamesOf, limitColumns, limitsOf, NO_ERROR } from "./connection-row.ts";
import type { IntegrationsDeps } from "./deps.ts";
import { acceptWebhookUrl, credentialColumns, describeEndpoint, endpointColumns } from "./endpoint.ts";
import { openRow } from "./open-row.ts";
import { requireSubscribable } from "./require-subscribable.ts";

/** Fields to change; those left out stay as they are. A null secret removes it. */
export type UpdateInput = {
  readonly name?: string;
  readonly description?: string | null;
  readonly webhookUrl?: string;
  readonly signingSecret?: string | null;
  readonly headers?: HeaderChanges;
  readonly eventTypes?: readonly string[];
  readonly limits?: Partial<DeliveryLimits>;
};

/** Includes the caller's own identifiers. */
export type ConnectionUpdate = UpdateInput & { readonly identity?: IdentityChange };

export type IdentityChange = {
  readonly externalId?: string | null;
  readonly metadata?: (before: ConnectionIdentity["metadata"]) => ConnectionIdentity["metadata"];
};

/**
 * Changes a connection. A webhook URL reconnects a disconnected connection.
 *
 * @throws {OpenSendError} `not_found`, `unsafe_url`, `version_conflict`, `not_connected`, `credentials_unreadable`,
 * `external_id_taken`, `forbidden`, `validation_failed` for headers that conflict with the existing ones.
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
 * Keeps a key that is limited to some event types from redirecting connections that receive others.
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
  if (url !== null || input.signingSecret !== undefined || input.headers !== undefined) {
    const binding = { workspaceId: row.workspace_id, connectionId: row.id };
    const credentials = nextCredentials(deps, row, input, url);
    Object.assign(columns, credentialColumns(deps.keyring, binding, credentials));
  }
  if (url !== null) {
    Object.assign(columns, endpointColumns(describeEndpoint(deps.keyring, url)), {
      status: nextConnectionStatus(row.status, "reconnect") ?? row.status,
      disconnected_at: null,
      // Health of the old receiver says nothing about the new one.
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
  // A new receiver sent no Retry-After, and gets pending retries immediately.
  const needsOrderRestored = isOrderedNow || url !== null;
  return {
    columns,
    action: "connection.updated",
    metadata: describeChange(row, columns, input),
    ...(needsOrderRestored ? { alongside: (trx) => deps.queue.restoreOrder(trx, row.id, deps.now()) } : {}),
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
  const isSecretGiven = input.signingSecret !== undefined || row.has_signing_secret === 0;
  const { headers: changes = [] } = input;
  const areHeadersGiven = namesAll(changes, headerNamesOf(row));
  // Works without opening the stored credentials, so that a connection whose key is lost can be repaired.
  if (url !== null && isSecretGiven && areHeadersGiven) {
    const given = { webhookUrl: url.href, signingSecret: input.signingSecret ?? null };
    return withHeaders(given, changes);
  }
  if (row.sealed_credentials === null) {
    throw new OpenSendError(
      "not_connected",
      "This connection is disconnected, and its credentials are destroyed. Send webhook_url together with signing_secret and headers.",
    );
  }
  const current = openRow(deps, row, row.sealed_credentials);
  if (url !== null && !areHeadersGiven) requireSameOrigin(url, current);
  const webhookUrl = url?.href ?? current.webhookUrl;
  const next = withHeaders({ ...current, webhookUrl }, changes);
  if (input.signingSecret === undefined) return next;
  // Setting a secret by hand ends a rotation.
  return { ...next, signingSecret: input.signingSecret, previousSecret: null };
}

function withHeaders({ headers: before = [], ...credentials }: Credentials, changes: HeaderChanges) {
  const headers = changeHeaders(before, changes);
  const fault = findHeadersFault(headers);
  if (fault !== null) throw invalidHeaders(fault);
  return { ...credentials, headers };
}

/** Otherwise, a person who may change the URL could read the header values at their own receiver. */
function requireSameOrigin(url: URL, { webhookUrl }: Credentials): void {
  if (url.origin === new URL(webhookUrl).origin) return;
  throw invalidHeaders(
    "The stored headers are for another host. Send each of them again with the new webhook_url, or null for those to remove.",
  );
}

function invalidHeaders(message: string): OpenSendError {
  return new OpenSendError("validation_failed", `${message} Nothing was changed.`, {
    fields: [{ path: "headers", message }],
  });
}

/** Names the changed fields, never values of sealed ones. */
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
      ...(input.headers === undefined ? [] : ["headers"]),
      ...(input.eventTypes === undefined ? [] : ["event_types"]),
      ...(input.limits?.ordered === undefined ? [] : ["ordered"]),
      ...(input.limits?.concurrency === undefined ? [] : ["concurrency"]),
      ...(input.limits?.rateLimitPerMinute === undefined ? [] : ["rate_limit_per_minute"]),
      ...(input.limits?.timeoutSeconds === undefined ? [] : ["timeout_seconds"]),
    ],
    ...describeHeaders(row, input),
    endpoint_preview: columns.endpoint_preview ?? row.endpoint_preview,
    has_signing_secret: (columns.has_signing_secret ?? row.has_signing_secret) === 1,
  };
}

/** Names of the headers that were set and removed. */
function describeHeaders(row: ConnectionRow, { headers }: UpdateInput) {
  if (headers === undefined) return {};
  const changes = headers ?? headerNamesOf(row).map((name) => ({ name, value: null }));
  const set = changes.filter(({ value }) => value !== null).map(({ name }) => name);
  const removed = changes.filter(({ value }) => value === null).map(({ name }) => name);
  return {
    ...(set.length === 0 ? {} : { headers_set: set }),
    ...(removed.length === 0 ? {} : { headers_removed: removed }),
  };
}
