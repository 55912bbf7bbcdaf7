import { z } from "zod";
import type { Rotation } from "../../integrations/rotate-signing-secret.ts";
import { ConnectionView, presentConnection, signingSecret } from "./connection.ts";
import { timestamp, toNullableTimestamp } from "./shared.ts";

const OVERLAP_HOURS_MAX = 7 * 24;

export const RotateSecretBody = z
  .strictObject({
    signing_secret: signingSecret.unwrap().optional().meta({
      description: "The new secret. Left out, one is made (`whsec_`, 32 random bytes).",
      writeOnly: true,
    }),
    overlap_hours: z
      .int()
      .min(0, "Must be at least 0.")
      .max(OVERLAP_HOURS_MAX, `Must be at most ${OVERLAP_HOURS_MAX}.`)
      .default(24)
      .meta({ description: "How long the secret before signs too; 0 ends it at once." }),
  })
  .meta({ id: "RotateSecretRequest", examples: [{ overlap_hours: 24 }] });

export const RotationAnswer = z
  .object({
    object: z.literal("signing_secret_rotation"),
    connection: ConnectionView,
    signing_secret: z.string().nullable().meta({
      description: "The secret that was made, shown this once; null when the request brought its own",
    }),
    previous_secret_expires_at: timestamp.nullable(),
  })
  .meta({ id: "RotationAnswer" });

export function presentRotation({ connection, madeSecret }: Rotation): z.infer<typeof RotationAnswer> {
  return {
    object: "signing_secret_rotation",
    connection: presentConnection(connection),
    signing_secret: madeSecret,
    previous_secret_expires_at: toNullableTimestamp(connection.previousSecretExpiresAt),
  };
}
