import type { Keyring } from "../crypto/keyring.ts";
import { seal, UnsealError, unseal } from "../crypto/seal.ts";
import type { Database } from "../db/open.ts";
import type { Actor } from "../domain/actor.ts";
import {
  INSPECTOR_CHOICE_DEFAULT,
  type InspectorChoice,
  type InspectorResponse,
} from "../domain/inspector.ts";
import type { InspectorDeps } from "./deps.ts";

export type InspectorSettings = InspectorChoice & {
  /** Whether signatures are verified with a separate secret instead of the connection's. */
  readonly hasOwnSecret: boolean;
};

/** A member left out is unchanged; a null secret goes back to the connection's. */
export type InspectorUpdate = {
  readonly answer?: InspectorResponse;
  readonly retryAfterSeconds?: number;
  readonly secret?: string | null;
};

/** Used instead of a connection's id: the secret belongs to the workspace, and opens in no connection's row. */
const SEALED_FOR = "inspector";

export async function readSettings(db: Database, workspaceId: string): Promise<InspectorSettings> {
  const row = await readRow(db, workspaceId);
  if (row === undefined) return { ...INSPECTOR_CHOICE_DEFAULT, hasOwnSecret: false };
  return {
    answer: row.answer,
    retryAfterSeconds: row.retry_after_seconds,
    hasOwnSecret: row.sealed_secret !== null,
  };
}

/** The secret to verify with instead of the connection's; null when none was entered. */
export async function readOwnSecret(
  { db, keyring }: Pick<InspectorDeps, "db" | "keyring">,
  workspaceId: string,
): Promise<{ readonly secret: string } | "unreadable" | null> {
  const sealed = (await readRow(db, workspaceId))?.sealed_secret ?? null;
  if (sealed === null) return null;
  try {
    return { secret: openOwnSecret(keyring, workspaceId, sealed) };
  } catch (error) {
    if (error instanceof UnsealError) return "unreadable";
    throw error;
  }
}

/** Changes how the inspector treats the next request. The secret is sealed and never shown. */
export async function updateSettings(
  { db, keyring, recordAudit, now: clock }: InspectorDeps,
  actor: Actor,
  { answer, retryAfterSeconds, secret }: InspectorUpdate,
): Promise<InspectorSettings> {
  const now = clock();
  const { workspaceId } = actor;
  const changes = {
    ...(answer === undefined ? {} : { answer }),
    ...(retryAfterSeconds === undefined ? {} : { retry_after_seconds: retryAfterSeconds }),
    ...(secret === undefined
      ? {}
      : { sealed_secret: secret === null ? null : sealOwnSecret(keyring, workspaceId, secret) }),
    updated_at: now,
  };
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto("inspector_settings")
      .values({
        workspace_id: workspaceId,
        answer: INSPECTOR_CHOICE_DEFAULT.answer,
        retry_after_seconds: INSPECTOR_CHOICE_DEFAULT.retryAfterSeconds,
        sealed_secret: null,
        ...changes,
      })
      .onConflict((conflict) => conflict.column("workspace_id").doUpdateSet(changes))
      .execute();
    const metadata = {
      ...(answer === undefined ? {} : { answer }),
      ...(retryAfterSeconds === undefined ? {} : { retry_after_seconds: retryAfterSeconds }),
      ...(secret === undefined ? {} : { has_own_secret: secret !== null }),
    };
    const target = { kind: "workspace", id: workspaceId } as const;
    await recordAudit(trx, { actor, action: "inspector.updated", target, metadata }, now);
  });
  return readSettings(db, workspaceId);
}

export function openOwnSecret(keyring: Keyring, workspaceId: string, sealed: string): string {
  return unseal(keyring, { workspaceId, connectionId: SEALED_FOR }, sealed);
}

export function sealOwnSecret(keyring: Keyring, workspaceId: string, secret: string): string {
  return seal(keyring, { workspaceId, connectionId: SEALED_FOR }, secret);
}

function readRow(db: Database, workspaceId: string) {
  return db
    .selectFrom("inspector_settings")
    .select(["answer", "retry_after_seconds", "sealed_secret"])
    .where("workspace_id", "=", workspaceId)
    .executeTakeFirst();
}
