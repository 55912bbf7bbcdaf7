import type { Schema } from "../reference/describe-type.ts";
import { EXAMPLE_ID, exampleValue } from "../reference/example-value.ts";
import {
  bodySchemaOf,
  type Document,
  type Operation,
  type Parameter,
  successOf,
} from "../reference/operations.ts";

/** How a sample reads the response. */
type ResponseKind = "json" | "text" | "stream" | "nothing";

/** A request in a sample, independent of its language. */
export type Call = {
  readonly method: string;
  /** Path and query with example values. */
  readonly target: string;
  readonly access: "key" | "session" | "none";
  readonly body: unknown;
  readonly response: ResponseKind;
};

export function sampleCall(document: Document, operation: Operation): Call {
  const schema = bodySchemaOf(operation);
  return {
    method: operation.method,
    target: targetOf(operation),
    access: accessOf(operation),
    body: schema === undefined ? undefined : exampleValue(document, schema, "request"),
    response: responseKindOf(successOf(operation).type),
  };
}

function targetOf({ path, parameters }: Operation): string {
  const filled = path.replace(/\{(\w+)\}/g, () => EXAMPLE_ID);
  const query = parameters.filter((one) => one.in === "query" && one.required === true).map(queryPair);
  return query.length === 0 ? filled : `${filled}?${query.join("&")}`;
}

function queryPair(parameter: Parameter): string {
  const schema = (parameter.schema ?? {}) as Schema;
  const value = parameter.example ?? exampleValue({} as Document, schema, "request");
  return `${parameter.name}=${encodeURIComponent(String(value))}`;
}

export function accessOf({ details }: Operation): Call["access"] {
  const security = details.security ?? [];
  if (security.some((one) => "apiKey" in one)) return "key";
  return security.length > 0 ? "session" : "none";
}

function responseKindOf(type: string | null): ResponseKind {
  if (type === null) return "nothing";
  if (type === "text/event-stream") return "stream";
  return type.includes("json") ? "json" : "text";
}
