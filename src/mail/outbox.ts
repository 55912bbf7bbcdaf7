import type { Keyring } from "../crypto/keyring.ts";
import { seal, unseal } from "../crypto/seal.ts";
import { newId } from "../db/new-id.ts";
import type { DatabaseTransaction } from "../db/open.ts";
import { composeMail } from "./compose-mail.ts";
import type { Mail, MailContent } from "./mail.ts";

const MINUTE_MS = 60_000;

/**
 * Limit for queued mails of all workspaces together, so that a long outage of the mail server cannot fill the database.
 */
const WAITING_MAX = 10_000;

export type QueuedMail = {
  readonly content: MailContent;
  /** Identifies the mail's cause, which records the outcome; null if the outcome is not recorded. */
  readonly reference: string | null;
  /** After this time the mail is useless and is dropped. */
  readonly lifetimeMs: number;
};

/**
 * Queues mails in the transaction of the change they report. Stored sealed, since a mail can contain a secret link.
 * Returns how many were queued: all, or none above the limit.
 */
export async function queueMails(
  trx: DatabaseTransaction,
  keyring: Keyring,
  mails: readonly QueuedMail[],
  now: number,
): Promise<number> {
  const capacity = mails.length === 0 ? 0 : await readCapacity(trx, mails.length);
  const rows = mails.slice(0, capacity).map(({ content, reference, lifetimeMs }) => {
    const id = newId();
    return {
      id,
      sealed: seal(keyring, bindingOf(id), JSON.stringify(composeMail(content))),
      reference,
      tries: 0,
      due_at: now,
      claimed_until: null,
      created_at: now,
      expires_at: now + lifetimeMs,
    };
  });
  if (rows.length > 0) await trx.insertInto("mails").values(rows).execute();
  return rows.length;
}

/** Reads no more rows than the limit. */
async function readCapacity(trx: DatabaseTransaction, wanted: number): Promise<number> {
  const full = await trx
    .selectFrom("mails")
    .select("id")
    .orderBy("id")
    .offset(WAITING_MAX - wanted)
    .limit(1)
    .executeTakeFirst();
  return full === undefined ? wanted : 0;
}

/** @throws {UnsealError} */
export function openMail(keyring: Keyring, row: { readonly id: string; readonly sealed: string }): Mail {
  return JSON.parse(unseal(keyring, bindingOf(row.id), row.sealed)) as Mail;
}

/** A mail is bound to no workspace or connection; its own id takes their place. */
export function bindingOf(id: string) {
  return { workspaceId: "mail", connectionId: id };
}

const RETRY_MIN_MS = MINUTE_MS / 2;
const RETRY_MAX_MS = 30 * MINUTE_MS;

/** 30 s at first, doubling each time, up to 30 minutes. */
export function mailRetryDelayMs(tries: number): number {
  return Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(20, tries - 1));
}

/** Deletes up to `rowsMax` expired mails and returns how many. */
export async function deleteExpiredMails(
  trx: DatabaseTransaction,
  now: number,
  rowsMax: number,
): Promise<number> {
  const expired = await trx
    .selectFrom("mails")
    .select("id")
    .where("expires_at", "<=", now)
    .limit(rowsMax)
    .execute();
  if (expired.length === 0) return 0;
  const { numDeletedRows } = await trx
    .deleteFrom("mails")
    .where(
      "id",
      "in",
      expired.map(({ id }) => id),
    )
    .where("expires_at", "<=", now)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
