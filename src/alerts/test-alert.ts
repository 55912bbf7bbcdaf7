import { newId } from "../db/new-id.ts";
import type { TestEvent } from "../dispatch/accept-test.ts";
import type { TestResult } from "../dispatch/test-result.ts";
import type { Actor } from "../domain/actor.ts";
import { composeMail } from "../mail/compose-mail.ts";
import { type MailFailure, NOT_CONFIGURED } from "../mail/mail-failure.ts";
import type { SmtpServer } from "../mail/smtp.ts";
import type { Alert } from "./alert-row.ts";
import type { AlertDeps } from "./change-alerts.ts";
import { getAlert } from "./read-alerts.ts";
import { type Recipients, readWorkspaceName } from "./recipients.ts";
import { alertFooter } from "./send-notice.ts";

export type TestAlertDeps = AlertDeps & {
  readonly publicUrl: string;
  /** Null if no mail server is configured. */
  readonly smtp: Pick<SmtpServer, "open" | "check"> | null;
  readonly deliverNow: (event: TestEvent) => Promise<TestResult>;
};

export type MailTest = {
  readonly memberId: string;
  readonly email: string;
  readonly failure: MailFailure | null;
};

export type AlertTest = {
  readonly mails: readonly MailTest[];
  /** The result for the connection; null if the alert notifies none, or a disconnected one. */
  readonly delivery: TestResult | null;
  /** True if there is at least one recipient, and every recipient was reached. */
  readonly isReached: boolean;
};

/**
 * Sends a marked test to every recipient of an alert, bypassing the mail queue, and waits for the results.
 *
 * @throws {OpenSendError} `not_found`.
 */
export async function testAlert(deps: TestAlertDeps, actor: Actor, id: string): Promise<AlertTest> {
  const { alert, recipients } = await getAlert(deps.db, actor.workspaceId, id);
  const [mails, delivery] = await Promise.all([
    sendMails(deps, alert, recipients.members),
    sendEvent(deps, alert, recipients.connection),
  ]);
  const hasMissed = alert.notifyConnectionId !== null && delivery?.ok !== true;
  const isReached =
    mails.length + (delivery === null ? 0 : 1) > 0 &&
    !hasMissed &&
    mails.every(({ failure }) => failure === null);
  await note(deps, actor, alert, { mails, delivery, isReached });
  return { mails, delivery, isReached };
}

async function sendMails(
  deps: TestAlertDeps,
  alert: Alert,
  members: Recipients["members"],
): Promise<readonly MailTest[]> {
  if (members.length === 0) return [];
  const { smtp } = deps;
  if (smtp === null) {
    return members.map(({ id, email }) => ({ memberId: id, email, failure: NOT_CONFIGURED }));
  }
  const workspace = await readWorkspaceName(deps.db, alert.workspaceId);
  const session = await smtp.open();
  const results: MailTest[] = [];
  try {
    let away: MailFailure | null = null;
    for (const { id, email } of members) {
      // If the server does not respond to one mail, the others would only make the caller wait.
      const failure: MailFailure | null =
        away ?? (await session.send(newId(), testMail(deps, alert, workspace, email)));
      if (failure !== null && AWAY.has(failure.code)) away = failure;
      results.push({ memberId: id, email, failure });
    }
  } finally {
    session.close();
  }
  return results;
}

const AWAY: ReadonlySet<MailFailure["code"]> = new Set([
  "mail_server_unreachable",
  "mail_timeout",
  "mail_tls_failed",
  "mail_login_refused",
]);

function testMail({ publicUrl }: TestAlertDeps, alert: Alert, workspace: string, to: string) {
  return composeMail({
    to,
    subject: `[OpenSend] Test of the alert "${alert.name}"`,
    paragraphs: ["This is a test. Nothing is wrong: someone pressed the test button of this alert."],
    link: { label: "Open alerts", url: `${publicUrl}/settings/alerts` },
    footer: alertFooter(alert, workspace, publicUrl),
  });
}

async function sendEvent(
  { deliverNow, publicUrl }: TestAlertDeps,
  alert: Alert,
  connection: Recipients["connection"],
): Promise<TestResult | null> {
  if (connection === null || connection.status === "disconnected") return null;
  const data = {
    alert_id: alert.id,
    alert_name: alert.name,
    condition: alert.condition,
    status: "test",
    text: `Test of the alert "${alert.name}". Nothing is wrong.\n${publicUrl}/settings/alerts`,
    connection_count: 0,
    connections: [],
    url: `${publicUrl}/settings/alerts`,
  };
  const { workspaceId } = alert;
  const type = "opensend.alert.test";
  return deliverNow({ workspaceId, connectionId: connection.id, type, dataJson: JSON.stringify(data) });
}

async function note(
  { db, now, recordAudit }: TestAlertDeps,
  actor: Actor,
  { id, name, workspaceId }: Alert,
  { mails, delivery, isReached }: AlertTest,
): Promise<void> {
  const at = now();
  const failed = mails.filter(({ failure }) => failure !== null);
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto("alert_notices")
      .values({
        id: newId(),
        workspace_id: workspaceId,
        alert_id: id,
        alert_name: name,
        kind: "test",
        summary: "Test",
        connection_count: 0,
        connections: "[]",
        mails: mails.length,
        mails_sent: mails.length - failed.length,
        mails_failed: failed.length,
        mail_error: failed[0]?.failure?.message ?? null,
        event_id: delivery?.eventId ?? null,
        created_at: at,
      })
      .execute();
    const metadata = { name, ok: isReached };
    await recordAudit(trx, { actor, action: "alert.tested", target: { kind: "alert", id }, metadata }, at);
  });
}
