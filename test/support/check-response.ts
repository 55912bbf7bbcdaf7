import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { ApiResponse } from "./api-client.ts";

type Description = {
  readonly paths: Record<string, Record<string, { responses: Record<string, DescribedResponse> }>>;
  readonly components: { readonly headers: Record<string, { readonly required?: boolean }> };
};
type DescribedResponse = {
  readonly content?: Record<string, unknown>;
  readonly headers?: Record<string, unknown>;
};

const description = JSON.parse(
  readFileSync(join(import.meta.dirname, "..", "..", "openapi.json"), "utf8"),
) as Description;
const ajv = new Ajv2020({ strict: false, allErrors: true });
// The package is CommonJS and exports itself as `default` too.
(addFormats as unknown as (instance: Ajv2020) => void)(ajv);
ajv.addSchema(description, "openapi");
const validators = new Map<string, ValidateFunction>();

/**
 * Checks a response against openapi.json: the status is documented, the headers are those documented for that status,
 * and the body matches the schema.
 */
export function checkResponse(method: string, path: string, response: ApiResponse): void {
  const { status } = response;
  const operation = description.paths[path]?.[method.toLowerCase()];
  assert.ok(operation, `${method} ${path} is not in openapi.json`);
  const content = operation.responses[String(status)]?.content;
  assert.ok(
    content,
    `${method} ${path} returned ${status}, which openapi.json does not name: ${response.text}`,
  );
  checkHeaders(method, path, response);
  const type = response.headers.get("content-type")?.split(";")[0] ?? "";
  assert.ok(Object.hasOwn(content, type), `${status} came as ${type}`);
  const pointer = [path, method.toLowerCase(), "responses", String(status), "content", type, "schema"]
    .map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")))
    .join("/");
  const reference = `openapi#/paths/${pointer}`;
  const validate = validators.get(reference) ?? ajv.compile({ $ref: reference });
  validators.set(reference, validate);
  assert.ok(
    validate(response.body),
    `${method} ${path} ${status}: ${ajv.errorsText(validate.errors)}\n${response.text}`,
  );
}

/**
 * Checks the headers of a response against those openapi.json lists for its status: none missing, none undocumented.
 */
export function checkHeaders(
  method: string,
  path: string,
  { status, headers }: { readonly status: number; readonly headers: Headers },
): void {
  const response = description.paths[path]?.[method.toLowerCase()]?.responses[String(status)];
  const place = `${method} ${path} ${status}`;
  assert.ok(response, `openapi.json does not name ${place}`);
  for (const [name, { required = false }] of Object.entries(description.components.headers)) {
    const isNamed = Object.hasOwn(response.headers ?? {}, name);
    const isSent = headers.has(name);
    assert.ok(isNamed || !isSent, `${place} has the header ${name}, which openapi.json does not name`);
    assert.ok(isSent || !isNamed || !required, `${place} has no header ${name}`);
  }
}
