import type { FastifySchemaValidationError } from "fastify";
import type { FieldError } from "../domain/errors.ts";

/** A body with thousands of invalid values must not get a response many times its size. */
const FIELDS_NAMED_MAX = 100;
const UNKNOWN_FIELDS_NAMED_MAX = 20;
const FIELD_NAME_LENGTH_MAX = 100;

/**
 * The fields of a body, query or path that do not fit its schema, as dotted paths such as `event_types.0`. Messages
 * name the expected value and never repeat the input. Limited to the first hundred.
 */
export function readFieldErrors(error: {
  validation: readonly FastifySchemaValidationError[];
}): readonly FieldError[] {
  const named = error.validation.slice(0, FIELDS_NAMED_MAX).flatMap((validation) => {
    const path = validation.instancePath.slice(1).replaceAll("/", ".");
    if (validation.keyword === "unrecognized_keys") {
      const { keys } = validation.params as { keys: readonly string[] };
      return keys.slice(0, UNKNOWN_FIELDS_NAMED_MAX).map((key) => {
        const name = key.slice(0, FIELD_NAME_LENGTH_MAX);
        return {
          path: path === "" ? name : `${path}.${name}`,
          message: "This field is not known. Remove it.",
        };
      });
    }
    return [{ path, message: validation.message ?? "Not valid." }];
  });
  return named.slice(0, FIELDS_NAMED_MAX);
}
