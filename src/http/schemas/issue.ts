import { STATUS_CODES } from "node:http";
import { z } from "zod";
import { ISSUE_STATES } from "../../domain/issue.ts";
import type { IssueListing } from "../../history/read-issues.ts";
import { givenId, listOf, pageQuery, timestamp, toNullableTimestamp, toTimestamp, uuid } from "./shared.ts";
import { ExchangeParts } from "./test-event.ts";

const issueState = z.enum(ISSUE_STATES).meta({ id: "IssueState" });

export const IssuesRequest = z.strictObject({
  state: z
    .enum([...ISSUE_STATES, "all"])
    .default("open")
    .meta({ description: "Open and muted ones come by impact, others by when they were last seen" }),
  connection_id: givenId.optional(),
  ...pageQuery,
});

export const ChangeIssueBody = z
  .strictObject({ state: issueState })
  .meta({ id: "ChangeIssueRequest", description: "`muted`: does not count as open until it has resolved" });

const IssueView = z
  .object({
    id: uuid.meta({ description: "Stays the same when the cause returns after it was resolved" }),
    connection_id: uuid,
    connection_name: z.string(),
    state: issueState,
    error_code: z.string(),
    response_status: z.int().nullable().meta({ description: "Null without a response" }),
    host: z.string().meta({ description: "Host of the webhook URL; labels that are tokens are masked" }),
    title: z.string().meta({ description: "The cause in a few words, such as `401 Unauthorized`" }),
    explanation: ExchangeParts.explanation,
    receiver_text: z.string().nullable().meta({
      description:
        "The beginning of the response of the example delivery, credentials masked; null without one, and once payloads are deleted",
    }),
    first_seen_at: timestamp.meta({ description: "First failed attempt of this run" }),
    last_seen_at: timestamp.meta({ description: "Last failed attempt of this run" }),
    resolves_at: timestamp.nullable().meta({
      description:
        "When an open issue resolves unless it fails again: set while successes and failures alternate and the latest is a success",
    }),
    resolved_at: timestamp.nullable(),
    muted_at: timestamp.nullable(),
    failed_deliveries: z
      .int()
      .meta({ description: "Deliveries given up because of this cause, in this run" }),
    retrying_attempts: z
      .int()
      .meta({ description: "Failed attempts that left their delivery pending, in this run" }),
    waiting_deliveries: z
      .int()
      .meta({ description: "Pending deliveries of the connection, whatever their cause" }),
    example_delivery_id: uuid
      .nullable()
      .meta({ description: "The latest delivery that failed for this cause" }),
  })
  .meta({ id: "Issue", description: "A cause of failed attempts at one connection" });

export const IssueList = listOf("IssueList", IssueView);

export const IssueAnswer = z
  .object({ object: z.literal("issue"), data: IssueView })
  .meta({ id: "IssueAnswer" });

export function presentIssue({
  id,
  connection,
  cause,
  run,
  waiting,
  explanation,
  receiverText,
}: IssueListing): z.infer<typeof IssueView> {
  const isResolved = run.state === "resolved";
  return {
    id,
    connection_id: connection.id,
    connection_name: connection.name,
    state: run.state,
    error_code: cause.errorCode,
    response_status: cause.responseStatus,
    host: cause.host,
    title: titleOf(cause.responseStatus, explanation.title),
    explanation,
    receiver_text: receiverText,
    first_seen_at: toTimestamp(run.firstSeenAt),
    last_seen_at: toTimestamp(run.lastSeenAt),
    resolves_at: isResolved ? null : toNullableTimestamp(run.resolvesAt),
    resolved_at: isResolved ? toNullableTimestamp(run.resolvedAt) : null,
    muted_at: run.state === "muted" ? toNullableTimestamp(run.mutedAt) : null,
    failed_deliveries: run.failedDeliveries,
    retrying_attempts: run.retryingAttempts,
    waiting_deliveries: waiting,
    example_delivery_id: run.exampleDeliveryId,
  };
}

function titleOf(status: number | null, explained: string): string {
  if (status === null) return explained;
  const phrase = STATUS_CODES[status];
  return phrase === undefined ? `Status ${status}` : `${status} ${phrase}`;
}
