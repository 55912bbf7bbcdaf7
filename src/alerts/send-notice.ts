import { newId } from "../db/new-id.ts";
import type { DatabaseTransaction, Store } from "../db/open.ts";
import { storeDirectedEvent } from "../dispatch/directed-event.ts";
import { WHOLE_WORKSPACE } from "../domain/alert.ts";
import { NOT_CONFIGURED } from "../mail/mail-failure.ts";
import type { MailQueue } from "../mail/mail-queue.ts";
import type { Alert } from "./alert-row.ts";
import { readRecipients, readWorkspaceName } from "./recipients.ts";
import { type Notice, noticeData, type WrittenNotice, writeNotice } from "./write-notice.ts";

/** A mail about something that ended this long ago helps no one. */
const MAIL_LIFETIME_MS = 12 * 60 * 60 * 1000;
/** Connections listed by name in the history. */
const STORED_CONNECTIONS_MAX = 20;

export type SendNoticeDeps = {
  readonly hot: Store["hot"];
  readonly publicUrl: string;
  /** Null if no mail server is configured. */
  readonly mailQueue: MailQueue | null;
};

/**
 * Sends a notice in the transaction that marks it as sent: queues mails, stores an event, and adds a row to the
 * history. Returns the connection that now has an event to send, if any.
 */
export async function sendNotice(
  deps: SendNoticeDeps,
  trx: DatabaseTransaction,
  alert: Alert,
  notice: Notice,
  now: number,
): Promise<string | null> {
  const id = newId();
  const written = writeNotice(notice, deps.publicUrl);
  const recipients = await readRecipients(trx, alert);
  const eventId = await storeEvent(deps, trx, alert, notice, now);
  const mails = recipients.members.map(({ email }) => email);
  const queued = await queueMails(deps, trx, { alert, written, mails, reference: id }, now);
  const connections = notice.subjects.filter((subject) => subject.id !== WHOLE_WORKSPACE);
  await trx
    .insertInto("alert_notices")
    .values({
      id,
      workspace_id: alert.workspaceId,
      alert_id: alert.id,
      alert_name: alert.name,
      kind: notice.kind,
      summary: written.summary,
      connection_count: connections.length,
      connections: JSON.stringify(
        connections
          .slice(0, STORED_CONNECTIONS_MAX)
          .map((subject) => ({ id: subject.id, name: subject.name })),
      ),
      mails: mails.length,
      mails_sent: 0,
      mails_failed: mails.length - queued,
      mail_error: queued < mails.length ? unqueuedReason(deps) : null,
      event_id: eventId,
      created_at: now,
    })
    .execute();
  return eventId === null ? null : alert.notifyConnectionId;
}

function unqueuedReason({ mailQueue }: SendNoticeDeps): string {
  return mailQueue === null ? NOT_CONFIGURED.message : "Too many mails are waiting for the mail server.";
}

/** A connection gets no alerts about itself, since they would not reach a failing receiver. */
async function storeEvent(
  { hot, publicUrl }: SendNoticeDeps,
  trx: DatabaseTransaction,
  alert: Alert,
  notice: Notice,
  now: number,
): Promise<string | null> {
  const { notifyConnectionId, workspaceId } = alert;
  if (notifyConnectionId === null) return null;
  const subjects = notice.subjects.filter(({ id }) => id !== notifyConnectionId);
  if (subjects.length === 0) return null;
  const connection = await trx
    .selectFrom("connections")
    .select("status")
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", notifyConnectionId)
    .executeTakeFirst();
  if (connection === undefined || connection.status === "disconnected") return null;
  const ofOthers = { ...notice, subjects };
  const type = `opensend.alert.${notice.kind === "raised" ? notice.condition : "recovered"}`;
  const data = noticeData(alert, ofOthers, writeNotice(ofOthers, publicUrl));
  return storeDirectedEvent(hot, trx, { workspaceId, connectionId: notifyConnectionId, type, data }, now);
}

type MailsOf = {
  readonly alert: Alert;
  readonly written: WrittenNotice;
  readonly mails: readonly string[];
  readonly reference: string;
};

async function queueMails(
  { mailQueue, publicUrl }: SendNoticeDeps,
  trx: DatabaseTransaction,
  { alert, written, mails, reference }: MailsOf,
  now: number,
): Promise<number> {
  if (mailQueue === null || mails.length === 0) return 0;
  const workspace = await readWorkspaceName(trx, alert.workspaceId);
  const { summary, items, others, url } = written;
  const paragraphs = [`${summary}.`, ...(others > 0 ? [`${items.length} of them, and ${others} more:`] : [])];
  const queued = mails.map((to) => ({
    content: {
      to,
      subject: `[OpenSend] ${summary}`,
      paragraphs,
      items,
      link: { label: "Open OpenSend", url },
      footer: alertFooter(alert, workspace, publicUrl),
    },
    reference,
    lifetimeMs: MAIL_LIFETIME_MS,
  }));
  return mailQueue.add(trx, queued, now);
}

export function alertFooter({ name }: Pick<Alert, "name">, workspace: string, publicUrl: string): string {
  return `You get this mail because the alert "${name}" of the workspace "${workspace}" names you. Change it at ${publicUrl}/settings/alerts`;
}
