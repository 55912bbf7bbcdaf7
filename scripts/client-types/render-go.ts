import { type Field, type NamedType, pascal, type TypeRef } from "./read-model.ts";
import { isPatch } from "./wanted.ts";

const HEAD = `// Code generated from openapi.json by "npm run generate". DO NOT EDIT.

package opensend

import "encoding/json"
`;

/** Parts of names that Go writes in capitals. */
const INITIALISMS: Readonly<Record<string, string>> = {
  Id: "ID",
  Ids: "IDs",
  Url: "URL",
  Dns: "DNS",
  Tls: "TLS",
};

/** The API's types for `clients/go`, formatted as by gofmt. */
export function renderGo(types: readonly NamedType[]): string {
  return [HEAD, ...types.map(renderType)].join("\n");
}

function renderType(type: NamedType): string {
  const name = goName(type.name);
  const comment = type.description === null ? "" : `// ${name}: ${type.description}\n`;
  if ("values" in type) return `${comment}type ${name} string\n\n${renderValues(name, type.values)}`;
  const lines = sections(type.fields).flatMap((fields) => {
    const { description = null } = fields[0] ?? {};
    const rows = aligned(fields.map((field) => fieldRow(type.name, field)));
    return description === null ? rows : [`\t// ${description}`, ...rows];
  });
  return `${comment}type ${name} struct {\n${lines.join("\n")}\n}\n`;
}

function renderValues(name: string, values: readonly string[]): string {
  const rows = values.map(
    (value) => [`\t${name}${goName(pascal(value))}`, name, `= ${JSON.stringify(value)}`] as const,
  );
  return `const (\n${aligned(rows).join("\n")}\n)\n`;
}

/** A comment starts a new block of aligned lines. */
function sections(fields: readonly Field[]): Field[][] {
  const found: Field[][] = [];
  for (const field of fields) {
    const last = found.at(-1);
    if (last === undefined || field.description !== null) found.push([field]);
    else last.push(field);
  }
  return found;
}

type Row = readonly [name: string, type: string, tail: string];

function fieldRow(owner: string, field: Field): Row {
  const tag = field.isRequired ? field.name : `${field.name},omitzero`;
  return [`\t${goName(pascal(field.name))}`, fieldType(owner, field), `\`json:"${tag}"\``];
}

function fieldType(owner: string, { type, isRequired }: Field): string {
  if (isRequired) return typeText(type);
  const plain = plainText(type);
  if (isPatch(owner)) return `Optional[${plain}]`;
  // In other requests a missing field and the zero value mean the same; in responses they differ.
  return /(?:Request|Query)$/.test(owner) || plain === "json.RawMessage" ? plain : `*${plain}`;
}

function typeText(type: TypeRef): string {
  return type.isNullable && !["any", "list", "map"].includes(type.kind)
    ? `*${plainText(type)}`
    : plainText(type);
}

function plainText(type: TypeRef): string {
  switch (type.kind) {
    case "integer":
      return "int64";
    case "number":
      return "float64";
    case "boolean":
      return "bool";
    case "any":
      return "any";
    case "named":
      return goName(type.name);
    case "list":
      return `[]${typeText(type.of)}`;
    case "map":
      // Numbers keep all their digits until the caller parses them.
      return type.of.kind === "any" ? "json.RawMessage" : `map[string]${typeText(type.of)}`;
    default:
      return "string";
  }
}

/** Aligns columns as gofmt does. */
function aligned(rows: readonly Row[]): string[] {
  const width = (column: 0 | 1) => Math.max(0, ...rows.map((row) => row[column].length));
  const [names, types] = [width(0), width(1)];
  return rows.map(([name, type, tail]) => `${name.padEnd(names)} ${type.padEnd(types)} ${tail}`);
}

function goName(name: string): string {
  return name.replace(/[A-Z][a-z0-9]*/g, (word) => INITIALISMS[word] ?? word);
}
