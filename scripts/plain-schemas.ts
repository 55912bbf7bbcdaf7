import { isDeepStrictEqual } from "node:util";
import type { OpenAPIV3_1 } from "openapi-types";

type Schema = OpenAPIV3_1.SchemaObject & { $ref?: string };
type Schemas = Record<string, Schema>;

/** The suffix that the OpenAPI generator adds to the names of request schemas. */
const REQUEST_SUFFIX = /Input$/;
const REFERENCE = "#/components/schemas/";

/**
 * Keeps only referenced schemas, each under one name, and writes everything in the simplest form, because client
 * generators understand only a small part of JSON Schema.
 */
export function plainSchemas(document: OpenAPIV3_1.Document): OpenAPIV3_1.Document {
  const schemas = (document.components?.schemas ?? {}) as Schemas;
  const used = referencedSchemas(document.paths, schemas);
  const components: Schemas = {};
  for (const [name, schema] of Object.entries(schemas)) {
    if (!used.has(name)) continue;
    const own = name.replace(REQUEST_SUFFIX, "");
    const plain = withOwnNames(simplify(schema, REQUEST_SUFFIX.test(name)));
    if (components[own] !== undefined && !isDeepStrictEqual(components[own], plain))
      throw new Error(`the schema ${own} is not the same in requests and in responses`);
    components[own] = plain;
  }
  const paths = Object.entries(document.paths ?? {}).map(([path, item]) => [
    path,
    Object.fromEntries(
      Object.entries(item ?? {}).map(([method, operation]) => [
        method,
        plainOperation(operation as OpenAPIV3_1.OperationObject),
      ]),
    ),
  ]);
  return {
    ...document,
    paths: withOwnNames(Object.fromEntries(paths)),
    components: { ...document.components, schemas: components },
  };
}

function plainOperation({ parameters, requestBody, responses, ...rest }: OpenAPIV3_1.OperationObject) {
  return {
    ...rest,
    ...(parameters === undefined ? {} : { parameters: simplify(parameters.map(withStyle), true) }),
    ...(requestBody === undefined ? {} : { requestBody: simplify(requestBody, true) }),
    responses: simplify(responses ?? {}, false),
  };
}

/** Query parameters with several values are written `name[key]=value`. */
function withStyle<Parameter extends OpenAPIV3_1.ParameterObject | OpenAPIV3_1.ReferenceObject>(
  parameter: Parameter,
): Parameter {
  if (!("in" in parameter) || parameter.in !== "query") return parameter;
  const { type } = (parameter.schema ?? {}) as Schema;
  return type === "object" ? { ...parameter, style: "deepObject", explode: true } : parameter;
}

function referencedSchemas(paths: unknown, schemas: Schemas): Set<string> {
  const used = new Set<string>();
  const collect = (value: unknown): void => {
    for (const [, name] of JSON.stringify(value ?? null).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (name === undefined || used.has(name)) continue;
      used.add(name);
      collect(schemas[name]);
    }
  };
  collect(paths);
  return used;
}

function withOwnNames<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value), (key, text: unknown) =>
    key === "$ref" && typeof text === "string" && text.startsWith(REFERENCE)
      ? text.replace(REQUEST_SUFFIX, "")
      : text,
  ) as Value;
}

/** Simplifies every schema in a value. Only requests refuse unknown fields. */
function simplify<Value>(value: Value, isRequest: boolean): Value {
  if (Array.isArray(value)) return value.map((one) => simplify(one, isRequest)) as Value;
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, one]) => [
    key,
    key === "examples" || key === "example" || key === "default" ? one : simplify(one, isRequest),
  ]);
  const schema = plainNumber(plainText(plainNull(Object.fromEntries(entries) as Schema)));
  const { additionalProperties } = schema;
  if (!isRequest && additionalProperties === false) delete schema.additionalProperties;
  // Any value, so that generators need not invent a type.
  if (isDeepStrictEqual(additionalProperties, {})) schema.additionalProperties = true;
  // Redundant: every name is a string.
  if ("propertyNames" in schema) delete schema.propertyNames;
  return schema as Value;
}

/** Writes `anyOf` of a type and null as a nullable type, which is not possible for a reference. */
function plainNull(schema: Schema): Schema {
  const [one, other, ...more] = (schema.anyOf ?? []) as Schema[];
  if (one === undefined || other?.type !== "null" || more.length > 0) return schema;
  if (typeof one.type !== "string") return schema;
  const { anyOf, ...rest } = schema;
  const values = one.enum === undefined ? {} : { enum: [...one.enum, null] };
  return { ...one, ...rest, type: [one.type, "null"], ...values } as unknown as Schema;
}

/** Removes the pattern, which the format implies; generators would apply it to the parsed value instead of the text. */
function plainText(schema: Schema): Schema {
  if (schema.format !== "uuid" && schema.format !== "date-time") return schema;
  const { pattern, ...rest } = schema;
  return rest;
}

/** Without a format, generators use 32 bits, too few for bytes and database ids. */
function plainNumber(schema: Schema): Schema {
  const types = [schema.type ?? []].flat();
  if (types.includes("number")) return { ...schema, format: "double" };
  if (!types.includes("integer")) return schema;
  const { minimum, maximum, ...rest } = schema;
  return {
    ...rest,
    format: "int64",
    ...(minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? {} : { minimum }),
    ...(maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? {} : { maximum }),
  };
}
