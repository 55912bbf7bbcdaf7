import { sql } from "kysely";
import type { DatabaseTransaction } from "../db/open.ts";
import type { MailFailure } from "../mail/mail-failure.ts";

/** Stores the outcome of a notice's mail, in the transaction that deletes the mail. */
export async function recordMailOutcome(
  trx: DatabaseTransaction,
  noticeId: string,
  failure: MailFailure | null,
): Promise<void> {
  const column = failure === null ? "mails_sent" : "mails_failed";
  await trx
    .updateTable("alert_notices")
    .set({ [column]: sql`${sql.ref(column)} + 1`, ...(failure !== null && { mail_error: failure.message }) })
    .where("id", "=", noticeId)
    .execute();
}

/** The default retention of statuses; a workspace has about ten notices per hour and alert at most. */
const RETENTION_MS = 90 * 24 * 60 * 60 * 1000;

/** Deletes up to `rowsMax` expired notices and returns how many. */
export async function deleteOldNotices(
  trx: DatabaseTransaction,
  now: number,
  rowsMax: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from alert_notices where id in (
      select id from alert_notices where created_at < ${now - RETENTION_MS} order by created_at limit ${rowsMax})`.execute(
    trx,
  );
  return Number(numAffectedRows ?? 0);
}
