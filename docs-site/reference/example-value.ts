import type { Schema } from "./describe-type.ts";
import { type Document, resolveSchema } from "./operations.ts";

export const EXAMPLE_ID = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11";
const EXAMPLE_TIME = "2026-11-28T09:30:00.000Z";
/** Deeper than any object of the API; limits a schema that contains itself. */
const DEPTH_MAX = 8;

/** Texts by field name, where the schema alone would give a meaningless one. */
const TEXTS: Readonly<Record<string, string>> = {
  name: "Orders",
  workspace_name: "Acme",
  email: "ada@example.com",
  password: "correct horse battery staple",
  current_password: "correct horse battery staple",
  new_password: "another horse battery staple",
  signing_secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  token: "token-of-the-link",
  type: "order.paid",
  event_type: "order.paid",
  version: "0.1.0",
  action: "connection.updated",
  provider: "webhook",
  description: "Sends every order to the warehouse",
  endpoint_host: "hooks.zapier.com",
  endpoint_preview: "https://hooks.zapier.com/hooks/catch/…",
  endpoint_fingerprint: "4f9c2a",
  connection_name: "Orders to Zapier",
  title: "The receiver failed",
  detail: "The receiver responded with 500.",
  message: "The receiver responded with 500.",
  host: "hooks.zapier.com",
  method: "POST",
  prefix: "os_4f9c",
  last_four: "7e11",
  next_cursor: "eyJ0IjoxNzk1ODU4MjAwMDAwfQ",
  body: '{"ok":true}',
  code: "status_500",
  error_code: "status_500",
  created_by: "Ada",
  invited_by: "Ada",
  url_preview: "https://hooks.zapier.com/hooks/catch/…",
  status_text: "OK",
  address: "203.0.113.7",
  key: "os_4f9c…7e11",
};

type Purpose =
  /** The minimum that a call needs. */
  | "request"
  /** Every field. */
  | "response";

/** An example value that matches a schema. */
export function exampleValue(document: Document, schema: Schema, purpose: Purpose): unknown {
  return exampleOf({ document, purpose }, schema, "", 0);
}

type Context = { readonly document: Document; readonly purpose: Purpose };

function exampleOf(context: Context, reference: Schema, name: string, depth: number): unknown {
  const schema = resolveSchema(context.document, reference);
  const given = givenValue(schema);
  if (given !== undefined) return given;
  const variants = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (variants !== undefined) {
    const variant = variants.find((one) => resolveSchema(context.document, one).type !== "null") ?? {};
    return exampleOf(context, variant, name, depth);
  }
  const type = ([schema.type ?? "object"].flat() as string[]).find((one) => one !== "null") ?? "null";
  if (type === "object") return objectOf(context, schema, depth);
  if (type === "array") return arrayOf(context, schema, name, depth);
  if (type === "string") return stringOf(schema, name);
  if (type === "boolean") return true;
  return type === "null" ? null : numberOf(schema);
}

/** A value given by the schema itself. An example with an ellipsis is only for people. */
function givenValue(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  const example = schema.example ?? (schema.examples as unknown[] | undefined)?.[0];
  if (example !== undefined && !JSON.stringify(example).includes("…")) return example;
  return schema.enum?.find((value) => value !== null);
}

function objectOf(context: Context, schema: Schema, depth: number): Record<string, unknown> {
  if (depth > DEPTH_MAX) return {};
  const { properties = {}, required = [] } = schema;
  const names = Object.keys(properties);
  const isLeast = context.purpose === "request";
  const chosen = isLeast ? (required.length > 0 ? required : names.slice(0, 1)) : names;
  const entries = chosen.map((name) => [
    name,
    exampleOf(context, (properties[name] ?? {}) as Schema, name, depth + 1),
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function arrayOf(context: Context, schema: Schema, name: string, depth: number): unknown[] {
  const { items = {} } = schema as { readonly items?: Schema };
  return depth > DEPTH_MAX ? [] : [exampleOf(context, items, name, depth + 1)];
}

function stringOf(schema: Schema, name: string): string {
  if (schema.format === "date-time") return EXAMPLE_TIME;
  if (schema.format === "uuid" || name === "id" || name.endsWith("_id")) return EXAMPLE_ID;
  if (schema.format === "uri") return "https://opensend.example.com/";
  if (schema.format === "email") return TEXTS["email"] ?? "";
  if (schema.pattern?.includes("\\*") === true) return "order.*";
  return TEXTS[name] ?? "text";
}

function numberOf({ minimum, maximum, default: fallback }: Schema): number {
  if (typeof fallback === "number") return fallback;
  const least = typeof minimum === "number" ? minimum : 0;
  return typeof maximum === "number" ? Math.min(Math.max(1, least), maximum) : Math.max(1, least);
}
