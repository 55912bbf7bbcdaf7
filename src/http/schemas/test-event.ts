import { z } from "zod";
import type { TestResult } from "../../dispatch/test-result.ts";
import { ConnectionView } from "./connection.ts";
import { ExplanationView } from "./explanation.ts";
import { uuid } from "./shared.ts";

const milliseconds = z.number().nullable();

/** Fields that every attempt has, tests included. */
export const ExchangeParts = {
  trigger: z.enum(["schedule", "manual", "test"]).meta({ id: "AttemptTrigger" }),
  timings: z
    .object({
      queued: milliseconds.meta({
        description: "From when the delivery was due to the start of the attempt; null in older attempts",
      }),
      dns: milliseconds,
      connect: milliseconds,
      tls: milliseconds,
      sent: milliseconds.meta({
        description:
          "Of `first_byte`: writing the request, until the system had all of it to send; null in older attempts",
      }),
      first_byte: milliseconds,
      total: milliseconds,
    })
    .meta({ id: "Timings" }),
  error: z.object({ code: z.string(), message: z.string() }).meta({ id: "AttemptError" }).nullable(),
  explanation: ExplanationView,
};

export const TestDelivery = z
  .object({
    id: uuid,
    event_id: uuid,
    ok: z.boolean().meta({ description: "True only for a 2xx response" }),
    status: z.int().nullable(),
    status_text: z.string().nullable(),
    duration_ms: z.int(),
    timings: ExchangeParts.timings,
    request: z.object({
      method: z.string(),
      url_preview: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.string().meta({ description: "The exact bytes sent and signed" }),
    }),
    response: z
      .object({ headers: z.record(z.string(), z.string()), body: z.string(), truncated: z.boolean() })
      .nullable(),
    error: ExchangeParts.error,
    explanation: ExchangeParts.explanation,
  })
  .meta({ id: "TestDelivery", description: "What was sent and what came back" });

export const TestEventAnswer = z
  .object({ object: z.literal("integration_test_event"), connection: ConnectionView, delivery: TestDelivery })
  .meta({ id: "TestEventAnswer" });

export function presentTestDelivery(result: TestResult): z.infer<typeof TestDelivery> {
  const { response } = result;
  return {
    id: result.deliveryId,
    event_id: result.eventId,
    ok: result.ok,
    status: response?.status ?? null,
    status_text: response?.statusText ?? null,
    duration_ms: result.durationMs,
    timings: result.timings,
    request: {
      method: result.request.method,
      url_preview: result.request.urlPreview,
      headers: { ...result.request.headers },
      body: result.request.body,
    },
    response:
      response === null
        ? null
        : { headers: { ...response.headers }, body: response.body, truncated: response.truncated },
    error: result.error,
    explanation: result.explanation,
  };
}
