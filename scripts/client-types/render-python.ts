import type { Field, NamedType, TypeRef } from "./read-model.ts";

const HEAD = `"""Types of the API, generated from openapi.json by \`npm run generate\`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Literal, Optional, TypedDict

if TYPE_CHECKING:
    from typing_extensions import NotRequired
`;

/** Keywords, which cannot be names of class members. */
const KEYWORDS = new Set(["from", "class", "import", "in", "is", "not", "or", "and", "if", "for", "with"]);

/** The API's types for `clients/python`. */
export function renderPython(types: readonly NamedType[]): string {
  // Names of literals are evaluated when the module is imported, so they come first.
  const literals = types.filter((type) => "values" in type).map(renderType);
  const classes = types.filter((type) => !("values" in type)).map(renderType);
  return `${[HEAD, ...literals, ...classes].join("\n\n")}`;
}

function renderType(type: NamedType): string {
  if ("values" in type) {
    return `${type.name} = Literal[\n${type.values.map((value) => `    ${JSON.stringify(value)},\n`).join("")}]\n`;
  }
  if (type.fields.some(({ name }) => KEYWORDS.has(name))) return renderCall(type.name, type.fields);
  const doc = type.description === null ? [] : [`    """${type.description}"""`, ""];
  const fields = type.fields.flatMap((field) => [
    ...(field.description === null ? [] : [`    # ${field.description}`]),
    `    ${field.name}: ${fieldText(field)}`,
  ]);
  return [
    `class ${type.name}(TypedDict):`,
    ...doc,
    ...(fields.length === 0 ? ["    pass"] : fields),
    "",
  ].join("\n");
}

function renderCall(name: string, fields: readonly Field[]): string {
  const lines = fields.map((field) => `        "${field.name}": ${JSON.stringify(fieldText(field))},\n`);
  return `${name} = TypedDict(\n    "${name}",\n    {\n${lines.join("")}    },\n)\n`;
}

function fieldText({ type, isRequired }: Field): string {
  return isRequired ? typeText(type) : `NotRequired[${typeText(type)}]`;
}

function typeText(type: TypeRef): string {
  return type.isNullable && type.kind !== "any" ? `Optional[${plainText(type)}]` : plainText(type);
}

function plainText(type: TypeRef): string {
  switch (type.kind) {
    case "string":
      return "str";
    case "integer":
      return "int";
    case "number":
      return "float";
    case "boolean":
      return "bool";
    case "any":
      return "Any";
    case "enum":
      return `Literal[${type.values.map((value) => JSON.stringify(value)).join(", ")}]`;
    case "named":
      return type.name;
    case "list":
      return `List[${typeText(type.of)}]`;
    case "map":
      return `Dict[str, ${typeText(type.of)}]`;
  }
}
