import { z } from "zod";
import { SIGNING_SECRET_RULE } from "../../domain/signing-secret.ts";
import { signingSecretText } from "./connection-bodies.ts";

const OVERLAP_HOURS_MAX = 7 * 24;

export const RotateSecretBody = z
  .strictObject({
    signing_secret: signingSecretText.meta({
      description: `The new secret, such as \`whsec_\` and 32 random bytes in base64. ${SIGNING_SECRET_RULE}`,
      writeOnly: true,
    }),
    overlap_hours: z
      .int()
      .min(0, "Must be at least 0.")
      .max(OVERLAP_HOURS_MAX, `Must be at most ${OVERLAP_HOURS_MAX}.`)
      .default(24)
      .meta({ description: "How long the previous secret keeps signing too; 0 ends it immediately." }),
  })
  .meta({
    id: "RotateSecretRequest",
    examples: [{ signing_secret: "whsec_…", overlap_hours: 24 }],
  });
