import type { Database } from "../db/open.ts";
import { type Page, type PageRequest, readPage } from "../db/paging.ts";
import type { NoticeKind } from "../domain/alert.ts";
import { OpenSendError } from "../domain/errors.ts";
import { type Alert, toAlert } from "./alert-row.ts";
import { type Recipients, readRecipients } from "./recipients.ts";

export type ShownAlert = { readonly alert: Alert; readonly recipients: Recipients };

/** @throws {OpenSendError} `not_found`. */
export async function getAlert(db: Database, workspaceId: string, id: string): Promise<ShownAlert> {
  const row = await db
    .selectFrom("alerts")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (row === undefined) throw alertNotFound();
  return withRecipients(db, toAlert(row));
}

/** All alerts of a workspace, newest first; their number is limited. */
export async function listAlerts(db: Database, workspaceId: string): Promise<readonly ShownAlert[]> {
  const rows = await db
    .selectFrom("alerts")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .execute();
  const shown: ShownAlert[] = [];
  for (const row of rows) shown.push(await withRecipients(db, toAlert(row)));
  return shown;
}

export async function withRecipients(db: Database, alert: Alert): Promise<ShownAlert> {
  return { alert, recipients: await readRecipients(db, alert) };
}

export function alertNotFound(): OpenSendError {
  return new OpenSendError(
    "not_found",
    "This workspace has no alert with that id. Copy the id from the list of alerts.",
  );
}

/** A notice that an alert has sent. */
export type AlertNotice = {
  readonly id: string;
  readonly alert: { readonly id: string; readonly name: string };
  readonly kind: NoticeKind;
  readonly summary: string;
  readonly connections: {
    readonly count: number;
    readonly named: readonly { readonly id: string; readonly name: string }[];
  };
  readonly mails: {
    readonly count: number;
    readonly sent: number;
    readonly failed: number;
    readonly error: string | null;
  };
  readonly eventId: string | null;
  readonly createdAt: number;
};

/** A workspace's notices, or those of one alert, newest first. */
export async function listNotices(
  db: Database,
  workspaceId: string,
  alertId: string | null,
  page: PageRequest,
): Promise<Page<AlertNotice>> {
  let query = db.selectFrom("alert_notices").selectAll().where("workspace_id", "=", workspaceId);
  if (alertId !== null) query = query.where("alert_id", "=", alertId);
  const { rows, hasMore } = await readPage(query, page);
  return {
    hasMore,
    rows: rows.map((row) => ({
      id: row.id,
      alert: { id: row.alert_id, name: row.alert_name },
      kind: row.kind,
      summary: row.summary,
      connections: {
        count: row.connection_count,
        named: JSON.parse(row.connections) as AlertNotice["connections"]["named"],
      },
      mails: { count: row.mails, sent: row.mails_sent, failed: row.mails_failed, error: row.mail_error },
      eventId: row.event_id,
      createdAt: row.created_at,
    })),
  };
}
