import { CALLS, SCHEMAS } from "./wanted.ts";

/** An API type in a form that every client language can express. */
export type TypeRef = { readonly isNullable: boolean } & (
  | { readonly kind: "string" | "integer" | "number" | "boolean" | "any" }
  | { readonly kind: "enum"; readonly values: readonly string[] }
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "list" | "map"; readonly of: TypeRef }
);

export type Field = {
  readonly name: string;
  readonly type: TypeRef;
  readonly isRequired: boolean;
  readonly description: string | null;
};

export type NamedType = { readonly name: string; readonly description: string | null } & (
  | { readonly fields: readonly Field[] }
  | { readonly values: readonly string[] }
);

type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | null)[];
  readonly const?: string;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly description?: string;
};
type Parameter = {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
};
type Operation = { readonly operationId: string; readonly parameters?: readonly Parameter[] };
export type Description = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

/** The description of times that have no specific one. */
const EVERY_TIME = "ISO 8601, UTC, milliseconds";

/** The types that the clients use, and all types they refer to, by name. */
export function readModel(description: Description): NamedType[] {
  const model = new Model(description);
  for (const name of SCHEMAS) model.add(name);
  for (const operation of Object.values(description.paths).flatMap((calls) => Object.values(calls))) {
    const name = CALLS[operation.operationId];
    if (name !== undefined) model.addQuery(name, operation);
  }
  return model.types();
}

class Model {
  readonly #description: Description;
  readonly #types = new Map<string, NamedType | null>();

  constructor(description: Description) {
    this.#description = description;
  }

  types(): NamedType[] {
    const found = [...this.#types.values()].filter((type) => type !== null);
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  add(name: string): void {
    if (this.#types.has(name)) return;
    const schema = this.#description.components.schemas[name];
    if (schema === undefined) throw new Error(`openapi.json has no schema ${name}.`);
    this.#types.set(name, null);
    this.#define(name, schema);
  }

  addQuery(name: string, { parameters = [] }: Operation): void {
    const fields = parameters
      .filter((parameter) => parameter.in === "query")
      .map((parameter) => ({
        name: parameter.name,
        type: this.#refer(`${name}${pascal(parameter.name)}`, parameter.schema),
        isRequired: parameter.required === true,
        description: parameter.description ?? parameter.schema.description ?? null,
      }));
    this.#types.set(name, { name, description: null, fields });
  }

  #define(name: string, schema: Schema): void {
    const description = schema.description ?? null;
    if (schema.enum !== undefined) {
      const values = schema.enum.filter((value) => value !== null);
      this.#types.set(name, { name, description, values });
      return;
    }
    const required = new Set(schema.required);
    const fields = Object.entries(schema.properties ?? {}).map(([field, type]) => ({
      name: field,
      type: this.#refer(`${name}${pascal(field)}`, type),
      isRequired: required.has(field),
      description: type.description === EVERY_TIME ? null : (type.description ?? null),
    }));
    this.#types.set(name, { name, description, fields });
  }

  /** `name` is used for a type that has no name. */
  #refer(name: string, schema: Schema): TypeRef {
    if (schema.$ref !== undefined) {
      const target = schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
      this.add(target);
      return { kind: "named", name: target, isNullable: false };
    }
    if (schema.anyOf !== undefined) {
      const [first, ...others] = schema.anyOf.filter(({ type }) => type !== "null");
      if (first === undefined || others.length > 0) return { kind: "any", isNullable: true };
      return { ...this.#refer(name, first), isNullable: schema.anyOf.length > 1 };
    }
    const types = [schema.type ?? []].flat();
    const isNullable = types.includes("null");
    const [type = "any"] = types.filter((one) => one !== "null");
    if (schema.const !== undefined) return { kind: "enum", values: [schema.const], isNullable };
    if (schema.enum !== undefined) {
      return { kind: "enum", values: schema.enum.filter((value) => value !== null), isNullable };
    }
    if (type === "array") {
      return { kind: "list", of: this.#refer(`${name}Item`, schema.items ?? {}), isNullable };
    }
    if (type === "object") return this.#referToObject(name, schema, isNullable);
    return { kind: isSimple(type) ? type : "any", isNullable };
  }

  #referToObject(name: string, schema: Schema, isNullable: boolean): TypeRef {
    if (schema.properties !== undefined) {
      this.#define(name, schema);
      return { kind: "named", name, isNullable };
    }
    const { additionalProperties: values } = schema;
    const of = typeof values === "object" ? values : {};
    return { kind: "map", of: this.#refer(`${name}Value`, of), isNullable };
  }
}

function isSimple(type: string): type is "string" | "integer" | "number" | "boolean" {
  return ["string", "integer", "number", "boolean"].includes(type);
}

/** `created_from` as `CreatedFrom`. */
export function pascal(name: string): string {
  return name.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, first: string) => first.toUpperCase());
}
