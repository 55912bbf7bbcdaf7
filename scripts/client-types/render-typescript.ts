import type { Field, NamedType, TypeRef } from "./read-model.ts";

/** The API's types for `clients/typescript`. */
export function renderTypeScript(types: readonly NamedType[]): string {
  const texts = types.map((type) => {
    const comment = type.description === null ? "" : `/** ${type.description} */\n`;
    if ("values" in type) return `${comment}export type ${type.name} =${listed(type.values)};\n`;
    return `${comment}export type ${type.name} = {\n${type.fields.map(renderField).join("")}};\n`;
  });
  return ["/** Generated from openapi.json by `npm run generate`. */\n", ...texts].join("\n");
}

function renderField({ name, type, isRequired, description }: Field): string {
  const comment = description === null ? "" : `  /** ${description} */\n`;
  return `${comment}  readonly ${name}${isRequired ? "" : "?"}: ${typeText(type)}${isRequired ? "" : " | undefined"};\n`;
}

function typeText(type: TypeRef): string {
  return type.isNullable ? `${plainText(type)} | null` : plainText(type);
}

function plainText(type: TypeRef): string {
  switch (type.kind) {
    case "integer":
    case "number":
      return "number";
    case "any":
      return "unknown";
    case "enum":
      return type.values.map((value) => JSON.stringify(value)).join(" | ");
    case "named":
      return type.name;
    case "list":
      return `readonly ${isPlain(type.of) ? plainText(type.of) : `(${typeText(type.of)})`}[]`;
    case "map":
      return `Readonly<Record<string, ${typeText(type.of)}>>`;
    default:
      return type.kind;
  }
}

const isPlain = (type: TypeRef) => !type.isNullable && type.kind !== "enum";

function listed(values: readonly string[]): string {
  return values.map((value) => `\n  | ${JSON.stringify(value)}`).join("");
}
