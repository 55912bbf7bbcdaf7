import { describeType, type Schema } from "./describe-type.ts";
import { type Document, type Parameter, resolveSchema } from "./operations.ts";

export type FieldRow = {
  readonly name: string;
  readonly type: string;
  readonly need: string;
  readonly text: string;
};

const DEPTH_MAX = 4;

/** The fields of a body, with nested fields by their path: `filter.status`, `data[].id`. */
export function fieldRows(document: Document, reference: Schema, prefix = "", depth = 0): FieldRow[] {
  const schema = resolveSchema(document, reference);
  const items = (schema as { readonly items?: Schema }).items;
  if (items !== undefined) return fieldRows(document, items, `${prefix}[]`, depth);
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([key, value]) => {
    const field = value as Schema;
    const name = prefix === "" ? key : `${prefix}.${key}`;
    const need = required.includes(key) ? "required" : needText(resolveSchema(document, field));
    const text = field.description ?? resolveSchema(document, field).description ?? "";
    const row = { name, type: shortType(document, field), need, text };
    return depth < DEPTH_MAX
      ? [row, ...fieldRows(document, nestedOf(document, field), name, depth + 1)]
      : [row];
  });
}

export function parameterRow(document: Document, parameter: Parameter): FieldRow {
  const schema = (parameter.schema ?? {}) as Schema;
  return {
    name: parameter.name,
    type: `${shortType(document, schema)}, in ${parameter.in}`,
    need: parameter.required === true ? "required" : needText(schema),
    text: parameter.description ?? schema.description ?? "",
  };
}

function needText(schema: Schema): string {
  const { default: fallback } = schema;
  return fallback === undefined ? "optional" : `default ${JSON.stringify(fallback)}`;
}

/** The schema whose fields get their own rows, if it has any. */
function nestedOf(document: Document, reference: Schema): Schema {
  const schema = resolveSchema(document, reference);
  const variants = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  return (
    variants?.map((one) => resolveSchema(document, one)).find((one) => one.properties !== undefined) ?? schema
  );
}

/** A type without the outline of an object, because the rows of its fields follow. */
function shortType(document: Document, reference: Schema): string {
  const schema = resolveSchema(document, reference);
  const variants = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (variants !== undefined) return variants.map((one) => shortType(document, one)).join(" | ");
  const items = (schema as { readonly items?: Schema }).items;
  if (items !== undefined) return `array of ${shortType(document, items)}`;
  if (schema.properties !== undefined) return [schema.type ?? "object"].flat().join(" | ");
  return describeType(document, schema);
}
