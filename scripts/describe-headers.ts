import type { FastifyContextConfig } from "fastify";
import type { OpenAPIV3_1 } from "openapi-types";

type Operation = OpenAPIV3_1.OperationObject;
type Response = OpenAPIV3_1.ResponseObject;
type Names = readonly (keyof typeof RESPONSE_HEADERS)[];

const text = { type: "string" } as const;
const count = { type: "integer", format: "int64", minimum: 0 } as const;

/** The headers of responses. */
const RESPONSE_HEADERS = {
  "x-request-id": {
    description: "Id of the request, the same as in logs and `request_id`",
    required: true,
    schema: text,
  },
  "ratelimit-limit": { description: "Allowed requests per minute, where limited", schema: count },
  "ratelimit-remaining": { description: "Requests left in this minute", schema: count },
  "retry-after": { description: "Seconds to wait before the next attempt", required: true, schema: count },
  "www-authenticate": { description: "How to authenticate (RFC 9110, 11.6.1)", schema: text },
  etag: { description: "Version of the object, for `If-Match`", required: true, schema: text },
  location: { description: "Path of the object that was created or started", required: true, schema: text },
  "idempotent-replayed": {
    description: "`true` when the `Idempotency-Key` was used before and nothing was done again",
    schema: { type: "string", enum: ["true"] },
  },
} satisfies Record<string, OpenAPIV3_1.HeaderObject>;

const VERSIONED = new Set(["#/components/schemas/ConnectionAnswer", "#/components/schemas/WorkspaceAnswer"]);

/** Adds to each response its headers; `configs` contains the settings of the routes by operation id. */
export function describeHeaders(
  document: OpenAPIV3_1.Document,
  configs: ReadonlyMap<string, FastifyContextConfig>,
): OpenAPIV3_1.Document {
  const paths = Object.entries(document.paths ?? {}).map(([path, item]) => [
    path,
    Object.fromEntries(
      Object.entries(item ?? {}).map(([method, value]) => {
        const operation = value as Operation;
        const config = configs.get(operation.operationId ?? "") ?? {};
        return [method, withHeaders(operation, config)];
      }),
    ),
  ]);
  const components = { ...document.components, headers: RESPONSE_HEADERS };
  return { ...document, paths: Object.fromEntries(paths), components };
}

function withHeaders(operation: Operation, config: FastifyContextConfig): Operation {
  const responses = Object.entries(operation.responses ?? {}).map(([status, response]) => {
    const tag: Names = hasTag(Number(status), response as Response) ? ["etag"] : [];
    const headers = [...headersOf(Number(status), config), ...tag].map((name) => [
      name,
      { $ref: `#/components/headers/${name}` },
    ]);
    return [status, { ...response, headers: Object.fromEntries(headers) }];
  });
  return { ...operation, responses: Object.fromEntries(responses) };
}

/** Whether a response has an ETag: one with a single versioned object, or a 304 (RFC 9110, 15.4.5). */
function hasTag(status: number, { content }: Response): boolean {
  const schema = content?.["application/json"]?.schema as { readonly $ref?: string } | undefined;
  return status === 304 || VERSIONED.has(schema?.$ref ?? "");
}

function headersOf(status: number, config: FastifyContextConfig): Names {
  const isSuccess = status < 300;
  return [
    "x-request-id",
    ...(isLimited(status, config) ? (["ratelimit-limit", "ratelimit-remaining"] as const) : []),
    ...(status === 429 || status === 503 ? (["retry-after"] as const) : []),
    ...(status === 401 ? (["www-authenticate"] as const) : []),
    ...(status === 201 || (status === 202 && config.startsJob === true) ? (["location"] as const) : []),
    ...(isSuccess && config.honorsIdempotencyKey === true ? (["idempotent-replayed"] as const) : []),
  ];
}

/** Events with a known sender are not limited per minute (`http/rate-limit.ts`), nor are liveness checks. */
function isLimited(status: number, { requires, isUnlimited }: FastifyContextConfig): boolean {
  if (isUnlimited === true) return false;
  return requires !== "send" || status === 401 || status === 429;
}
