import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from "fastify-type-provider-zod";
import { isDatabaseUnavailable } from "../db/database-error.ts";
import { ERRORS, type ErrorCode, OpenSendError } from "../domain/errors.ts";
import { readFieldErrors } from "./field-errors.ts";
import { PROBLEM_TYPE } from "./schemas/shared.ts";

/** The body of an error response (RFC 9457, section 3). */
export function problemBody(error: OpenSendError, publicUrl: string, requestId: string) {
  const { status, title } = ERRORS[error.code];
  return {
    type: `${publicUrl}/docs/errors/${error.code}`,
    title,
    status,
    detail: error.detail,
    code: error.code,
    request_id: requestId,
    ...(error.retryAfterSeconds === null ? {} : { retry_after: error.retryAfterSeconds }),
    ...(error.fields.length === 0 ? {} : { errors: error.fields }),
  };
}

export function sendProblem(
  error: OpenSendError,
  publicUrl: string,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error.retryAfterSeconds !== null) reply.header("retry-after", String(error.retryAfterSeconds));
  if (error.code === "unauthenticated") reply.header("www-authenticate", 'Bearer realm="OpenSend"');
  return reply
    .code(ERRORS[error.code].status)
    .header("x-request-id", request.id)
    .header("cache-control", "no-store")
    .serializer((body: unknown) => JSON.stringify(body))
    .type(PROBLEM_TYPE)
    .send(problemBody(error, publicUrl, request.id));
}

const OVERLOADED_RETRY_S = 2;

/** Fastify's errors by code. Its messages can quote the request, so none of them is passed on. */
const FRAMEWORK_ERRORS: Record<string, [ErrorCode, string]> = {
  FST_ERR_CTP_INVALID_JSON_BODY: ["malformed_json", "The body is not valid JSON."],
  FST_ERR_CTP_EMPTY_JSON_BODY: ["malformed_json", "The body is empty. Send the JSON that this call takes."],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    "unsupported_media_type",
    "Send the body with `Content-Type: application/json`.",
  ],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    "invalid_request",
    "The body's length is not the one of Content-Length.",
  ],
  FST_ERR_BAD_URL: ["invalid_request", "The path is not a valid URL path; check its percent-encoding."],
  FST_ERR_MAX_PARAM_LENGTH: ["invalid_id", "The id in the path is too long to be one."],
};

/** Turns any error of a request into one with a public message. */
export function toOpenSendError(error: FastifyError | Error, request: FastifyRequest): OpenSendError {
  if (error instanceof OpenSendError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) return validationError(error, request);
  const code = (error as Partial<FastifyError>).code ?? "";
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return bodyTooLarge(request.routeOptions.bodyLimit ?? request.server.initialConfig.bodyLimit ?? 0);
  }
  const known = FRAMEWORK_ERRORS[code];
  if (known !== undefined) return new OpenSendError(known[0], known[1], { cause: error });
  if (isDatabaseUnavailable(error)) {
    return new OpenSendError(
      "overloaded",
      "The database is unreachable or its disk is full. Try again in a moment.",
      {
        cause: error,
        retryAfterSeconds: OVERLOADED_RETRY_S,
      },
    );
  }
  const status = (error as Partial<FastifyError>).statusCode ?? 500;
  if (status >= 400 && status < 500 && !isResponseSerializationError(error)) {
    return new OpenSendError("invalid_request", "The request cannot be read as valid HTTP.", {
      cause: error,
    });
  }
  return new OpenSendError("internal", "The server failed. Its log has the reason under this request id.", {
    cause: error,
  });
}

export function bodyTooLarge(bytesMax: number): OpenSendError {
  const detail = `The body has more than ${bytesMax} bytes, the limit of this call.`;
  return new OpenSendError("body_too_large", detail);
}

function validationError(
  error: Parameters<typeof readFieldErrors>[0] & { validationContext?: string },
  request: FastifyRequest,
): OpenSendError {
  const fields = readFieldErrors(error);
  if (error.validationContext === "params") {
    const [first] = fields;
    const detail =
      first?.path === "external_id"
        ? `The external_id in the path is not valid. ${first.message}`
        : "The id in the path is not a UUID. Copy it from a response.";
    return new OpenSendError("invalid_id", detail, { fields });
  }
  if (error.validationContext === "body" && request.body === undefined) {
    return new OpenSendError("malformed_json", "The body is empty. Send the JSON that this call takes.");
  }
  const named = fields.map((field) => (field.path === "" ? "the body" : `\`${field.path}\``));
  const list = [...new Set(named)].join(", ");
  return new OpenSendError(
    "validation_failed",
    `Not valid: ${list}. \`errors\` says why. Nothing was changed.`,
    {
      fields,
    },
  );
}
