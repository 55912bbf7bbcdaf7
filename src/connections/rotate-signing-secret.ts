import { equalInConstantTime } from "../crypto/keyring.ts";
import type { Actor } from "../domain/actor.ts";
import type { Connection } from "../domain/connection.ts";
import { OpenSendError } from "../domain/errors.ts";
import { anyVersion, type VersionCheck } from "../domain/version-check.ts";
import { type StoreKey, storeNoKey } from "../idempotency/only-once.ts";
import { type Change, changeConnection, ifCurrent } from "./change-connection.ts";
import type { ConnectionRow } from "./connection-row.ts";
import type { IntegrationsDeps } from "./deps.ts";
import { sealCredentials } from "./endpoint.ts";
import { openRow } from "./open-row.ts";

const HOUR_MS = 60 * 60 * 1000;

/**
 * Replaces the signing secret; the old one also signs for `overlapHours`, so that receivers can switch while events
 * arrive. The caller provides the secret, since no response may contain one. Repeating the call with the same secret
 * changes nothing.
 *
 * @throws {OpenSendError} `not_found`, `not_connected`, `no_signing_secret`, `rotation_under_way`,
 * `credentials_unreadable`, `version_conflict`.
 */
export async function rotateSigningSecret(
  deps: IntegrationsDeps,
  actor: Actor,
  id: string,
  input: { readonly signingSecret: string; readonly overlapHours: number },
  { keep = storeNoKey, isCurrent = anyVersion }: { keep?: StoreKey; isCurrent?: VersionCheck } = {},
): Promise<Connection> {
  const decideOn = ifCurrent(isCurrent, (row) =>
    decide(deps, row, input.signingSecret, wholeSecond(deps.now() + input.overlapHours * HOUR_MS)),
  );
  return changeConnection(deps, actor, id, decideOn, keep);
}

function decide(deps: IntegrationsDeps, row: ConnectionRow, secret: string, until: number): Change | null {
  const now = deps.now();
  if (row.sealed_credentials === null)
    throw new OpenSendError(
      "not_connected",
      "This connection is disconnected and has no signing secret any more. Connect it again with PATCH webhook_url and signing_secret.",
    );
  const current = openRow(deps, row, row.sealed_credentials);
  const { signingSecret } = current;
  if (signingSecret === null)
    throw new OpenSendError(
      "no_signing_secret",
      "This connection has no signing secret to rotate. Set the first one with PATCH signing_secret.",
    );
  if (equalInConstantTime(secret, signingSecret)) return null;
  const runningUntil = row.previous_secret_expires_at;
  if (runningUntil !== null && runningUntil > now) throw underWay(runningUntil);
  const previousSecret = until > now ? { secret: signingSecret, expiresAt: until } : null;
  const binding = { workspaceId: row.workspace_id, connectionId: row.id };
  return {
    columns: {
      sealed_credentials: sealCredentials(deps.keyring, binding, {
        ...current,
        signingSecret: secret,
        previousSecret,
      }),
      previous_secret_expires_at: previousSecret?.expiresAt ?? null,
    },
    action: "connection.secret_rotated",
    metadata: {
      name: row.name,
      previous_secret_expires_at: previousSecret === null ? null : new Date(until).toISOString(),
    },
  };
}

/** A third secret would end one that the receiver may still use. */
function underWay(until: number): OpenSendError {
  return new OpenSendError(
    "rotation_under_way",
    `Two secrets sign until ${new Date(until).toISOString()}. Wait until then, or end it now with PATCH and the signing_secret the receiver uses.`,
  );
}

/** Signatures carry whole seconds. */
function wholeSecond(time: number): number {
  return Math.floor(time / 1000) * 1000;
}
