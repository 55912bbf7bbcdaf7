import { isDeepStrictEqual } from "node:util";
import { equalInConstantTime } from "../crypto/keyring.ts";
import type { Actor } from "../domain/actor.ts";
import type { Connection, Credentials } from "../domain/connection.ts";
import { type CustomHeader, changeHeaders, type HeaderChanges } from "../domain/custom-headers.ts";
import { OpenSendError } from "../domain/errors.ts";
import type { VersionCheck } from "../domain/version-check.ts";
import { findByExternalId, maySee } from "./by-external-id.ts";
import { type Change, changeConnection, ifCurrent } from "./change-connection.ts";
import { type ConnectInput, connect } from "./connect.ts";
import { externalIdTaken, identityOf } from "./connection-identity.ts";
import {
  type ConnectionRow,
  headerNamesOf,
  limitsOf,
  selectConnections,
  toConnection,
} from "./connection-row.ts";
import type { IntegrationsDeps } from "./deps.ts";
import { acceptWebhookUrl } from "./endpoint.ts";
import { openRow } from "./open-row.ts";
import { requireSubscribable } from "./require-subscribable.ts";
import { type ConnectionUpdate, decideUpdate, requireUpdatable } from "./update.ts";
import { LIVE } from "./walk-connections.ts";

/** The desired state of a connection; fields left out keep their values. */
export type PutInput = {
  readonly change: ConnectionUpdate;
  /** The complete input for a new connection. Throws if a required field is missing. */
  readonly whole: () => ConnectInput & { readonly identity: Connection["identity"] };
};

/** How often to try again if another request creates or disconnects the connection just before this change. */
const TRIES_MAX = 5;

/**
 * Creates the connection with an external id, or updates it to the desired state. Of two concurrent requests, one
 * creates it and the other updates it. Nothing changes if the state is already as desired.
 *
 * @throws {OpenSendError} `external_id_taken` when it belongs to another key, `version_conflict`, and the errors of
 * connecting and updating.
 */
export async function putConnection(
  deps: IntegrationsDeps,
  actor: Actor,
  externalId: string,
  { change, whole }: PutInput,
  isCurrent: VersionCheck,
): Promise<{ readonly connection: Connection; readonly isNew: boolean }> {
  for (let tries = 1; ; tries++) {
    const known = await findByExternalId(deps.db, actor.workspaceId, externalId);
    if (known !== null && !maySee(actor, known)) throw externalIdTaken();
    try {
      if (known !== null) {
        return { connection: await bringTo(deps, actor, known.id, change, isCurrent), isNew: false };
      }
      if (!isCurrent(null)) throw nothingToMatch();
      return { connection: await connect(deps, actor, whole()), isNew: true };
    } catch (error) {
      if (tries === TRIES_MAX || !isOvertaken(error)) throw error;
    }
  }
}

/** Whether another request has created or disconnected the connection since it was read. */
function isOvertaken(error: unknown): boolean {
  if (error instanceof DisconnectedMeanwhileError) return true;
  return error instanceof OpenSendError && ["external_id_taken", "not_found"].includes(error.code);
}

class DisconnectedMeanwhileError extends Error {
  override readonly name = "DisconnectedMeanwhileError";
}

async function bringTo(
  deps: IntegrationsDeps,
  actor: Actor,
  id: string,
  change: ConnectionUpdate,
  isCurrent: VersionCheck,
): Promise<Connection> {
  const { webhookUrl } = change;
  const url =
    webhookUrl === undefined ? null : await acceptWebhookUrl(deps.checkUrl, webhookUrl, actor.workspaceId);
  const decide = ifCurrent(isCurrent, (row) => {
    if (row.status === "disconnected") throw new DisconnectedMeanwhileError();
    return decidePut(deps, actor, row, change, url);
  });
  return changeConnection(deps, actor, id, decide);
}

/** The change that is needed; null if there is none. */
function decidePut(
  deps: IntegrationsDeps,
  actor: Actor,
  row: ConnectionRow,
  change: ConnectionUpdate,
  url: URL | null,
): Change | null {
  requireUpdatable(actor, row, change);
  const rest = withoutUnchanged(deps, row, change, url);
  if (Object.keys(rest).length === 0) return null;
  return decideUpdate(deps, row, rest, rest.webhookUrl === undefined ? null : url);
}

/** The changes `putConnection` would apply, by field; changed secrets are named like other fields. */
export type PutPreview = { readonly isNew: boolean; readonly changed: readonly string[] };

/**
 * Returns what `putConnection` would change and refuses what it would refuse, without changing anything.
 *
 * @throws as `putConnection` does.
 */
export async function previewPut(
  deps: IntegrationsDeps,
  actor: Actor,
  externalId: string,
  { change, whole }: PutInput,
): Promise<PutPreview> {
  const { workspaceId } = actor;
  const row = await selectConnections(deps.db)
    .selectAll("connections")
    .where("workspace_id", "=", workspaceId)
    .where("external_id", "=", externalId)
    .where(LIVE)
    .executeTakeFirst();
  if (row === undefined) {
    const { eventTypes, credentials } = whole();
    requireSubscribable(actor, eventTypes);
    await acceptWebhookUrl(deps.checkUrl, credentials.webhookUrl, workspaceId);
    return { isNew: true, changed: [] };
  }
  if (!maySee(actor, toConnection(row))) throw externalIdTaken();
  const { webhookUrl } = change;
  const url =
    webhookUrl === undefined ? null : await acceptWebhookUrl(deps.checkUrl, webhookUrl, workspaceId);
  const decided = decidePut(deps, actor, row, change, url);
  return { isNew: false, changed: (decided?.metadata["changed"] ?? []) as string[] };
}

/**
 * The fields of a change that differ from the row, so that repeating the same state neither resets health nor writes
 * the audit log.
 */
function withoutUnchanged(
  deps: IntegrationsDeps,
  row: ConnectionRow,
  change: ConnectionUpdate,
  url: URL | null,
): ConnectionUpdate {
  const { name, description, eventTypes, limits = {}, identity, ...sealed } = change;
  const { metadata } = identityOf(row);
  const isSameMetadata =
    identity?.metadata === undefined || isDeepStrictEqual(identity.metadata(metadata), metadata);
  const newLimits = changedMembers(limits, limitsOf(row));
  return {
    ...changedMembers(
      {
        ...(name === undefined ? {} : { name }),
        ...(description === undefined ? {} : { description }),
        ...(eventTypes === undefined ? {} : { eventTypes }),
      },
      {
        name: row.name,
        description: row.description,
        eventTypes: JSON.parse(row.event_types) as readonly string[],
      },
    ),
    ...(Object.keys(newLimits).length === 0 ? {} : { limits: newLimits }),
    ...(isSameMetadata ? {} : { identity }),
    ...withoutSameCredentials(deps, row, sealed, url),
  };
}

function changedMembers<Value extends object>(change: Partial<Value>, current: Value): Partial<Value> {
  const entries = Object.entries(change).filter(
    ([member, value]) => !isDeepStrictEqual(value, current[member as keyof Value]),
  );
  return Object.fromEntries(entries) as Partial<Value>;
}

type Sealed = Omit<ConnectionUpdate, "name" | "description" | "eventTypes" | "limits" | "identity">;

function withoutSameCredentials(
  deps: IntegrationsDeps,
  row: ConnectionRow,
  given: Sealed,
  url: URL | null,
): Sealed {
  const sealed =
    given.headers === undefined ? given : { ...given, headers: replaceHeaders(row, given.headers) };
  const { webhookUrl, signingSecret, headers, ...rest } = sealed;
  const current = openIfReadable(deps, row);
  if (current === null) return sealed;
  const isSameUrl = url === null ? null : equalInConstantTime(url.href, current.webhookUrl);
  return {
    ...rest,
    ...(webhookUrl === undefined || isSameUrl === true ? {} : { webhookUrl }),
    ...(signingSecret === undefined || isSameSecret(signingSecret, current.signingSecret)
      ? {}
      : { signingSecret }),
    // A URL on another host requires even unchanged headers to be named.
    ...(headers === undefined || (isSameUrl !== false && areSameHeaders(headers, current.headers))
      ? {}
      : { headers }),
  };
}

/** The given headers replace all others. */
function replaceHeaders(row: ConnectionRow, given: HeaderChanges): HeaderChanges {
  if (given === null) return null;
  const named = new Set(given.map(({ name }) => name.toLowerCase()));
  const others = headerNamesOf(row).filter((name) => !named.has(name.toLowerCase()));
  return [...given, ...others.map((name) => ({ name, value: null }))];
}

function areSameHeaders(changes: HeaderChanges, current: readonly CustomHeader[] = []): boolean {
  const next = changeHeaders(current, changes);
  const isSame = ({ name, value }: CustomHeader, index: number) =>
    name === current[index]?.name && equalInConstantTime(value, current[index].value);
  return next.length === current.length && next.every(isSame);
}

function isSameSecret(one: string | null, other: string | null): boolean {
  return one === null || other === null ? one === other : equalInConstantTime(one, other);
}

/** Null if the credentials cannot be opened for comparison; the given values then replace them. */
function openIfReadable(deps: IntegrationsDeps, row: ConnectionRow): Credentials | null {
  if (row.sealed_credentials === null) return null;
  try {
    return openRow(deps, row, row.sealed_credentials);
  } catch (error) {
    if (error instanceof OpenSendError && error.code === "credentials_unreadable") return null;
    throw error;
  }
}

function nothingToMatch(): OpenSendError {
  return new OpenSendError(
    "version_conflict",
    "If-Match names a version, and no connection has this external_id. Nothing was done. Send the request without the header to create one.",
  );
}
