import type { OpenAPIV3_1 } from "openapi-types";

export type Schema = OpenAPIV3_1.SchemaObject & { readonly $ref?: string };

const INDENT = "  ";

/** A JSON Schema as a short type, or as the outline of the JSON it describes. Resolves references. */
export function describeType(document: OpenAPIV3_1.Document, schema: Schema, depth = 0): string {
  const name = schema.$ref?.split("/").at(-1);
  if (name !== undefined) {
    return describeType(document, (document.components?.schemas?.[name] ?? {}) as Schema, depth);
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const variants = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (variants !== undefined) return variants.map((one) => describeType(document, one, depth)).join(" | ");
  const types = [schema.type ?? "any"].flat() as string[];
  return types.map((type) => describeOneType(document, schema, type, depth)).join(" | ");
}

function describeOneType(
  document: OpenAPIV3_1.Document,
  schema: Schema,
  type: string,
  depth: number,
): string {
  if (type === "array")
    return `[${describeType(document, (schema as OpenAPIV3_1.ArraySchemaObject).items as Schema, depth)}]`;
  if (type === "object") return describeObject(document, schema, depth);
  // A number's format is the number of its bits, which only programs need.
  return type === "string" && schema.format !== undefined ? `string ${schema.format}` : type;
}

function describeObject(document: OpenAPIV3_1.Document, schema: Schema, depth: number): string {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) return "object";
  const pad = INDENT.repeat(depth + 1);
  const lines = properties.map(
    ([key, value]) => `${pad}"${key}": ${describeType(document, value as Schema, depth + 1)}`,
  );
  return `{\n${lines.join(",\n")}\n${INDENT.repeat(depth)}}`;
}
