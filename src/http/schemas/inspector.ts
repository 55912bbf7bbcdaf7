import { z } from "zod";
import type { Connection } from "../../domain/connection.ts";
import {
  CHECKED_SECRETS,
  explainVerdict,
  SIGNATURE_HEADERS,
  SIGNATURE_VERDICT_CODES,
} from "../../domain/diagnostics/signature-verdict.ts";
import type { InspectedRequest, InspectedRequestDetail } from "../../domain/inspected-request.ts";
import { INSPECTOR_RESPONSES, INSPECTOR_RETRY_AFTER_MAX_S } from "../../domain/inspector.ts";
import { SIGNING_SECRET_RULE } from "../../domain/signing-secret.ts";
import type { InspectorSettings } from "../../inspector/settings.ts";
import { ConnectionView, presentConnection } from "./connection.ts";
import { signingSecretText } from "./connection-bodies.ts";
import { listOf, timestamp, toTimestamp, uuid } from "./shared.ts";

const answer = z.enum(INSPECTOR_RESPONSES).meta({
  id: "InspectorReply",
  description: "`redirect` is a 302; `timeout` accepts the request and never responds",
});
const retryAfterSeconds = z
  .int("Must be a whole number of seconds.")
  .min(1, "Must be at least 1.")
  .max(INSPECTOR_RETRY_AFTER_MAX_S, `Must be at most ${INSPECTOR_RETRY_AFTER_MAX_S}.`)
  .meta({ description: "Seconds in the Retry-After header of a 429" });

export const InspectorAnswer = z
  .object({
    object: z.literal("inspector"),
    data: z.object({
      connection: ConnectionView.nullable().meta({
        description: "The connection whose receiver is the inspector; null when there is none",
      }),
      settings: z.object({
        answer,
        retry_after_seconds: retryAfterSeconds,
        has_own_secret: z.boolean().meta({
          description: "Whether signatures are verified with a secret set here, not the connection's",
        }),
      }),
    }),
  })
  .meta({ id: "InspectorAnswer" });

export const InspectorBody = z
  .strictObject({
    answer: answer.optional(),
    retry_after_seconds: retryAfterSeconds.optional(),
    secret: signingSecretText
      .nullable()
      .optional()
      .meta({ description: `A secret to check with; null for the connection's. ${SIGNING_SECRET_RULE}` }),
  })
  .refine((body) => Object.keys(body).length > 0, "Give at least one field to change.")
  .meta({ id: "UpdateInspectorRequest", minProperties: 1 });

const SignatureVerdictView = z
  .object({
    valid: z.boolean(),
    code: z.enum(SIGNATURE_VERDICT_CODES),
    header: z.enum(SIGNATURE_HEADERS).nullable().meta({ description: "The header that decided" }),
    secret: z
      .enum(CHECKED_SECRETS)
      .nullable()
      .meta({ description: "The secret with which the signature is valid" }),
    title: z.string(),
    detail: z.string(),
    action: z.string().meta({ description: "What to do; empty when there is nothing to do" }),
  })
  .meta({ id: "SignatureVerdict" });

const listed = {
  id: uuid,
  delivery_id: uuid,
  event_id: z.string(),
  event_type: z.string(),
  answer,
  signature: SignatureVerdictView,
  body_bytes: z.int(),
  created_at: timestamp,
};

export const InspectedRequestView = z.object(listed).meta({
  id: "InspectedRequest",
  description: "A request to the built-in inspector",
});

export const InspectedRequestList = listOf("InspectedRequestList", InspectedRequestView);

const InspectedRequestDetailView = z
  .object({
    ...listed,
    method: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string().meta({ description: "The first 32 KiB of it" }),
    truncated: z.boolean(),
  })
  .meta({ id: "InspectedRequestDetail" });

export const InspectedRequestAnswer = z
  .object({ object: z.literal("inspector_request"), data: InspectedRequestDetailView })
  .meta({ id: "InspectedRequestAnswer" });

export function presentInspector(
  connection: Connection | null,
  settings: InspectorSettings,
  now: number,
): z.infer<typeof InspectorAnswer> {
  return {
    object: "inspector",
    data: {
      connection: connection === null ? null : presentConnection(connection, now),
      settings: {
        answer: settings.answer,
        retry_after_seconds: settings.retryAfterSeconds,
        has_own_secret: settings.hasOwnSecret,
      },
    },
  };
}

export function presentInspectedRequest(request: InspectedRequest): z.infer<typeof InspectedRequestView> {
  const { verdict } = request;
  return {
    id: request.id,
    delivery_id: request.deliveryId,
    event_id: request.eventId,
    event_type: request.eventType,
    answer: request.answer,
    signature: { valid: verdict.code === "valid", ...verdict, ...explainVerdict(verdict) },
    body_bytes: request.bodyBytes,
    created_at: toTimestamp(request.createdAt),
  };
}

export function presentInspectedList(
  requests: readonly InspectedRequest[],
): z.infer<typeof InspectedRequestList> {
  return {
    object: "list",
    data: requests.map(presentInspectedRequest),
    has_more: false,
    next_cursor: null,
  };
}

export function presentInspectedDetail(
  request: InspectedRequestDetail,
): z.infer<typeof InspectedRequestAnswer> {
  return {
    object: "inspector_request",
    data: {
      ...presentInspectedRequest(request),
      method: request.method,
      headers: { ...request.headers },
      body: request.body,
      truncated: request.isBodyTruncated,
    },
  };
}
