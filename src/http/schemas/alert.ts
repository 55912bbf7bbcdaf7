import { z } from "zod";
import type { AlertInput } from "../../alerts/alert-row.ts";
import type { AlertNotice, ShownAlert } from "../../alerts/read-alerts.ts";
import type { AlertTest } from "../../alerts/test-alert.ts";
import { ALERT_CONDITIONS, ALERT_THRESHOLDS, NOTICE_KINDS } from "../../domain/alert.ts";
import { givenId, line, listOf, timestamp, toNullableTimestamp, toTimestamp, uuid } from "./shared.ts";
import { presentTestDelivery, TestDelivery } from "./test-event.ts";

const NAME_LENGTH_MAX = 100;
const CONNECTIONS_MAX = 100;
const MEMBERS_MAX = 20;

const condition = z.enum(ALERT_CONDITIONS).meta({
  id: "AlertCondition",
  description:
    "`connection_failing`: a connection has been failing for `threshold` minutes. `connection_paused`: a connection is paused. `backlog`: a connection has more than `threshold` pending deliveries. `oldest_waiting`: a delivery of a connection has been due for `threshold` minutes. `silence`: a connection has had no delivery, or `no_events`: the workspace no event, for `threshold` minutes, although there were some at this time on at least three of the last seven days.",
});
const threshold = z.int().min(0).max(1_000_000_000).nullable();

export const AlertView = z
  .object({
    id: uuid,
    name: z.string(),
    condition,
    threshold: threshold.meta({
      description: "Minutes, or deliveries for `backlog`; null for `connection_paused`",
    }),
    connection_ids: z.array(uuid).nullable().meta({ description: "Null for every connection" }),
    member_ids: z.array(uuid).meta({ description: "Members who get mail" }),
    notify_connection_id: uuid.nullable().meta({
      description: "Connection that gets an `opensend.alert.*` event, whatever event types it asks for",
    }),
    enabled: z.boolean(),
    recipients: z
      .object({
        members: z.array(z.object({ id: uuid, name: z.string(), email: z.string() })),
        connection: z.object({ id: uuid, name: z.string(), status: z.string() }).nullable(),
      })
      .meta({ description: "Those of them that are there now" }),
    last_notice_at: timestamp.nullable(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: "Alert" });

export const AlertList = listOf("AlertList", AlertView)
  .extend({
    mail_configured: z.boolean().meta({ description: "Whether this server can send mail" }),
  })
  .meta({ id: "AlertList" });
export const AlertAnswer = z
  .object({ object: z.literal("alert"), data: AlertView })
  .meta({ id: "AlertAnswer" });

const fields = {
  name: line({ min: 1, max: NAME_LENGTH_MAX }),
  condition,
  threshold: threshold.meta({
    description:
      "Minutes, or deliveries for `backlog`. Left out: 5 minutes of failing, 15 of waiting, 60 of silence, 1,000 deliveries",
  }),
  connection_ids: z
    .array(givenId)
    .min(1, "Name a connection, or use null for all.")
    .max(CONNECTIONS_MAX, `Name at most ${CONNECTIONS_MAX} connections, or use null for all.`)
    .nullable(),
  member_ids: z.array(givenId).max(MEMBERS_MAX, `Name at most ${MEMBERS_MAX} members.`),
  notify_connection_id: givenId.nullable(),
  enabled: z.boolean(),
};

export const CreateAlertBody = z
  .strictObject({
    name: fields.name,
    condition: fields.condition,
    threshold: fields.threshold.optional(),
    connection_ids: fields.connection_ids.optional(),
    member_ids: fields.member_ids.optional(),
    notify_connection_id: fields.notify_connection_id.optional(),
    enabled: fields.enabled.optional(),
  })
  .meta({ id: "CreateAlertRequest" });
type Created = z.infer<typeof CreateAlertBody>;

export const UpdateAlertBody = CreateAlertBody.partial()
  .refine((body) => Object.keys(body).length > 0, "Name at least one field to change.")
  .meta({ id: "UpdateAlertRequest", minProperties: 1 });

export function toAlertInput(body: Created): AlertInput {
  return {
    name: body.name,
    condition: body.condition,
    threshold: body.threshold === undefined ? initialThreshold(body.condition) : body.threshold,
    connectionIds: unique(body.connection_ids ?? null),
    memberIds: unique(body.member_ids ?? []),
    notifyConnectionId: body.notify_connection_id ?? null,
    isEnabled: body.enabled ?? true,
  };
}

/** A condition that changes without a threshold gets its default threshold. */
export function toAlertChanges(body: z.infer<typeof UpdateAlertBody>): Partial<AlertInput> {
  const { name, condition, threshold, connection_ids, member_ids, notify_connection_id, enabled } = body;
  return {
    ...(name !== undefined && { name }),
    ...(condition !== undefined && { condition, threshold: initialThreshold(condition) }),
    ...(threshold !== undefined && { threshold }),
    ...(connection_ids !== undefined && { connectionIds: unique(connection_ids) }),
    ...(member_ids !== undefined && { memberIds: unique(member_ids) }),
    ...(notify_connection_id !== undefined && { notifyConnectionId: notify_connection_id }),
    ...(enabled !== undefined && { isEnabled: enabled }),
  };
}

function initialThreshold(condition: AlertInput["condition"]): number | null {
  return ALERT_THRESHOLDS[condition]?.initial ?? null;
}

function unique<Ids extends readonly string[] | null>(ids: Ids): Ids {
  return (ids === null ? null : [...new Set(ids)]) as Ids;
}

export function presentAlert({ alert, recipients }: ShownAlert): z.infer<typeof AlertView> {
  return {
    id: alert.id,
    name: alert.name,
    condition: alert.condition,
    threshold: alert.threshold,
    connection_ids: alert.connectionIds === null ? null : [...alert.connectionIds],
    member_ids: [...alert.memberIds],
    notify_connection_id: alert.notifyConnectionId,
    enabled: alert.isEnabled,
    recipients: { members: [...recipients.members], connection: recipients.connection },
    last_notice_at: toNullableTimestamp(alert.lastNoticeAt),
    created_at: toTimestamp(alert.createdAt),
    updated_at: toTimestamp(alert.updatedAt),
  };
}

export const AlertTestAnswer = z
  .object({
    object: z.literal("alert_test"),
    data: z.object({
      ok: z.boolean().meta({ description: "Whether every recipient was reached, and there was one" }),
      mails: z.array(
        z.object({
          member_id: uuid,
          email: z.string(),
          ok: z.boolean().meta({ description: "Whether the mail server took the mail" }),
          error: z.object({ code: z.string(), message: z.string() }).nullable(),
        }),
      ),
      delivery: TestDelivery.nullable().meta({
        description:
          "What was sent to the connection and what came back; null without one, or with one that is disconnected",
      }),
    }),
  })
  .meta({ id: "AlertTestAnswer" });

export function presentAlertTest({ isReached, mails, delivery }: AlertTest): z.infer<typeof AlertTestAnswer> {
  return {
    object: "alert_test",
    data: {
      ok: isReached,
      mails: mails.map(({ memberId, email, failure }) => ({
        member_id: memberId,
        email,
        ok: failure === null,
        error: failure === null ? null : { code: failure.code, message: failure.message },
      })),
      delivery: delivery === null ? null : presentTestDelivery(delivery),
    },
  };
}

export const AlertNoticeView = z
  .object({
    id: uuid,
    alert: z.object({ id: uuid, name: z.string() }).meta({ description: "The alert may be deleted by now" }),
    kind: z.enum(NOTICE_KINDS),
    summary: z.string(),
    connections: z.object({
      count: z.int(),
      named: z.array(z.object({ id: uuid, name: z.string() })).meta({ description: "The first 20 of them" }),
    }),
    mails: z.object({
      count: z.int(),
      sent: z.int(),
      failed: z.int(),
      error: z.string().nullable().meta({ description: "Why the last one that failed did" }),
    }),
    event_id: uuid.nullable().meta({ description: "The event sent to the alert's connection" }),
    created_at: timestamp,
  })
  .meta({ id: "AlertNotice" });
export const AlertNoticeList = listOf("AlertNoticeList", AlertNoticeView);

export function presentNotice(notice: AlertNotice): z.infer<typeof AlertNoticeView> {
  const { id, alert, kind, summary, connections, mails, eventId, createdAt } = notice;
  return {
    id,
    alert,
    kind,
    summary,
    connections: { count: connections.count, named: [...connections.named] },
    mails,
    event_id: eventId,
    created_at: toTimestamp(createdAt),
  };
}
