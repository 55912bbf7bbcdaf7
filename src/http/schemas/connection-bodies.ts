import { z } from "zod";
import type { ConnectorField } from "../../connectors/contract.ts";
import { webhook } from "../../connectors/webhook/webhook.ts";
import {
  CONCURRENCY_DEFAULT,
  CONCURRENCY_MAX,
  RATE_LIMIT_PER_MINUTE_MAX,
  TIMEOUT_SECONDS_DEFAULT,
  TIMEOUT_SECONDS_MAX,
} from "../../domain/connection.ts";
import { EVENT_TYPE_LENGTH_MAX, EVENT_TYPE_PATTERN } from "../../domain/event-type-pattern.ts";
import { isVerifiableSecret, SIGNING_SECRET_RULE } from "../../domain/signing-secret.ts";
import { externalId, metadata, metadataChange } from "./connection-identity.ts";
import { customHeaders } from "./headers.ts";
import { line } from "./shared.ts";

const EVENT_TYPES_MAX = 100;
const DESCRIPTION_LENGTH_MAX = 1000;
const DEFAULT_NAME = "Webhook connector";

const { fields } = webhook;

/** Sealed values are kept unchanged: trimming a secret would change the signing key. */
function sealedField(field: ConnectorField) {
  return z
    .string()
    .min(1, "Must not be empty.")
    .max(field.lengthMax, `Must have at most ${field.lengthMax} characters.`)
    .refine((text) => text.isWellFormed(), "Must be valid Unicode.")
    .meta({ description: field.help, writeOnly: true });
}

const name = line({ min: 1, max: fields.name.lengthMax }).meta({ description: fields.name.help });
/** Matches every URL that `readUrl` accepts; a pattern cannot express which hosts may be called. */
const WEB_ADDRESS = "^\\s*[Hh][Tt][Tt][Pp][Ss]?://[^\\s\\\\/?#@]+(?:[/?#][^\\s\\\\]*)?\\s*$";
export const webhookUrl = sealedField(fields.webhook_url).meta({
  pattern: WEB_ADDRESS,
  examples: ["https://hooks.zapier.com/hooks/catch/123/abc"],
});
/** A signing secret, in every body that has one. */
export const signingSecretText = sealedField(fields.signing_secret)
  .refine(isVerifiableSecret, SIGNING_SECRET_RULE)
  .meta({ description: `${fields.signing_secret.help} ${SIGNING_SECRET_RULE}`, writeOnly: true });
const signingSecret = signingSecretText.nullable();
const description = line({ min: 1, max: DESCRIPTION_LENGTH_MAX })
  .nullable()
  .meta({ description: "A note for people; null for none." });
const eventTypes = z
  .array(
    z
      .string()
      .max(EVENT_TYPE_LENGTH_MAX, `Must have at most ${EVENT_TYPE_LENGTH_MAX} characters.`)
      .regex(
        EVENT_TYPE_PATTERN,
        "Must be `*`, an event type such as `order.paid`, or a prefix such as `order.*`.",
      ),
  )
  .min(1, "Name at least one event type, or `*` for all.")
  .max(EVENT_TYPES_MAX, `At most ${EVENT_TYPES_MAX} event types.`)
  .refine((types) => new Set(types).size === types.length, "Each event type only once.")
  .meta({
    description: "Which events it gets: `*` for all, exact types, prefixes such as `order.*`.",
    uniqueItems: true,
  });

const ordered = z.boolean().meta({
  description:
    "Strict order: one delivery at a time, the next only after the one before was delivered or failed for good.",
});
const concurrency = z
  .int()
  .min(1, "Must be at least 1.")
  .max(CONCURRENCY_MAX, `Must be at most ${CONCURRENCY_MAX}.`)
  .meta({ description: "Maximum number of concurrent requests." });
const rateLimitPerMinute = z
  .int()
  .min(1, "Must be at least 1, or null for no limit.")
  .max(RATE_LIMIT_PER_MINUTE_MAX, `Must be at most ${RATE_LIMIT_PER_MINUTE_MAX}.`)
  .nullable()
  .meta({ description: "Maximum number of requests per minute, spread evenly; null for no limit." });
const timeoutSeconds = z
  .int()
  .min(1, "Must be at least 1.")
  .max(TIMEOUT_SECONDS_MAX, `Must be at most ${TIMEOUT_SECONDS_MAX}.`)
  .meta({
    description:
      "Seconds that one request may take, from the DNS lookup to the last byte of the response. Counts from the next attempt.",
  });

export const ConnectBody = z
  .strictObject({
    name: name.default(DEFAULT_NAME),
    webhook_url: webhookUrl,
    signing_secret: signingSecret.optional(),
    event_types: eventTypes.optional().meta({
      description:
        "Which events it gets: `*` for all, exact types, prefixes such as `order.*`. Left out, all; with a key that is limited to event types, those.",
    }),
    external_id: externalId.nullable().optional(),
    metadata: metadata.optional(),
    ordered: ordered.default(false),
    concurrency: concurrency.default(CONCURRENCY_DEFAULT),
    rate_limit_per_minute: rateLimitPerMinute.default(null),
    timeout_seconds: timeoutSeconds.default(TIMEOUT_SECONDS_DEFAULT),
    headers: customHeaders.optional(),
    description: description.optional(),
  })
  .meta({
    id: "ConnectRequest",
    examples: [
      {
        name: "Zapier catch hook",
        webhook_url: "https://hooks.zapier.com/hooks/catch/123/abc",
        signing_secret: "optional-shared-secret",
      },
    ],
  });

export const UpdateBody = z
  .strictObject({
    name: name.optional(),
    webhook_url: webhookUrl.optional(),
    signing_secret: signingSecret.optional(),
    event_types: eventTypes.optional(),
    external_id: externalId.nullable().optional(),
    metadata: metadataChange.optional(),
    ordered: ordered.optional(),
    concurrency: concurrency.optional(),
    rate_limit_per_minute: rateLimitPerMinute.optional(),
    timeout_seconds: timeoutSeconds.optional(),
    headers: customHeaders.optional(),
    description: description.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, "Give at least one field to change.")
  .meta({ id: "UpdateConnectionRequest", minProperties: 1 });
