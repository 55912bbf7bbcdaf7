import { z } from "zod";
import {
  EXTERNAL_ID,
  EXTERNAL_ID_LENGTH_MAX,
  METADATA_NAME,
  METADATA_PAIRS_MAX,
  METADATA_VALUE_LENGTH_MAX,
} from "../../domain/connection-labels.ts";

export const externalId = z
  .string()
  .max(EXTERNAL_ID_LENGTH_MAX, `Must have at most ${EXTERNAL_ID_LENGTH_MAX} characters.`)
  .regex(
    EXTERNAL_ID,
    "Must be letters, digits and `.`, `_`, `:`, `~` or `-`, beginning with a letter, a digit or `_`.",
  )
  .meta({
    description:
      "Your own id for the connection, unique in the workspace among connections that are not disconnected.",
    examples: ["customer-42"],
  });

const metadataKey = z
  .string()
  .regex(METADATA_NAME, "A name has 1 to 40 letters, digits and `_`, `.` or `-`.");
export const metadataValue = z
  .string()
  .max(METADATA_VALUE_LENGTH_MAX, `Must have at most ${METADATA_VALUE_LENGTH_MAX} characters.`)
  .refine((text) => text.isWellFormed() && !text.includes("\0"), "Must be valid Unicode without NUL.");
const PAIRS_RULE = `At most ${METADATA_PAIRS_MAX} pairs.`;

/** In JavaScript an object's member of this name has a special meaning, and zod drops it silently. */
function refusingProto<Pairs extends z.ZodType>(pairs: Pairs) {
  return z.preprocess((given, { issues }) => {
    if (typeof given === "object" && given !== null && Object.hasOwn(given, "__proto__")) {
      const message = "This name is not supported. Choose another one.";
      issues.push({ code: "custom", path: ["__proto__"], message, input: undefined });
    }
    return given;
  }, pairs);
}

export const metadata = refusingProto(
  z
    .record(metadataKey, metadataValue)
    .refine((pairs) => Object.keys(pairs).length <= METADATA_PAIRS_MAX, PAIRS_RULE)
    .meta({
      description: `Your own texts by name, up to ${METADATA_PAIRS_MAX}, to find the connection by. Not secret.`,
      examples: [{ customer: "42", plan: "pro" }],
    }),
);
export const metadataChange = refusingProto(
  z
    .record(metadataKey, metadataValue.nullable())
    .refine((pairs) => Object.keys(pairs).length <= 2 * METADATA_PAIRS_MAX, PAIRS_RULE)
    .nullable(),
).meta({
  description:
    "Merged (RFC 7396): a name with a text sets it, with null removes it; null instead of the object removes all.",
});
