import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

/** Properties that client generators need; `npm run test:clients` runs the generators themselves. */
type Node = Readonly<Record<string, unknown>>;
type Operation = {
  readonly operationId: string;
  readonly parameters?: readonly Node[];
  readonly security?: readonly Node[];
  readonly responses: Record<string, { content?: Record<string, { schema: Node }> }>;
};

const document = JSON.parse(readFileSync(join(import.meta.dirname, "..", "openapi.json"), "utf8")) as {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    readonly schemas: Record<string, Node>;
    readonly parameters: Record<string, Node>;
  };
};
const { schemas } = document.components;
const operations = Object.values(document.paths).flatMap((item) => Object.values(item));

test("every JSON response refers to a named schema", () => {
  const unnamed = operations.flatMap(({ operationId, responses }) =>
    Object.entries(responses)
      .filter(([, { content }]) => {
        const json = content?.["application/json"] ?? content?.["application/problem+json"];
        return json !== undefined && json.schema["$ref"] === undefined;
      })
      .map(([status]) => `${operationId} ${status}`),
  );
  assert.deepEqual(unnamed, []);
});

test("the type names that generators derive are unique", () => {
  const names = [
    ...Object.keys(schemas),
    // Go gets a constructor function per type.
    ...Object.keys(schemas).map((name) => `New${name}`),
    ...Object.entries(schemas).flatMap(([name, schema]) => innerNames(name, schema)),
    ...operations.flatMap(({ operationId }) =>
      ["Response", "Params", "JSONBody", "JSONRequestBody"].map((end) => pascal(operationId) + end),
    ),
  ].map((name) => name.toLowerCase());
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
});

test("no two named enums share a value", () => {
  // Constants in Go are named only by their value.
  const values = Object.values(schemas).flatMap(({ enum: values }) => (values ?? []) as string[]);
  assert.ok(values.length > 20);
  assert.deepEqual(
    values.filter((value, index) => values.indexOf(value) !== index),
    [],
  );
});

test("the parameters of a call have unique names in code", () => {
  const doubled = operations.flatMap(({ operationId, parameters = [] }) => {
    const names = parameters.map((parameter) => pascal(String(resolve(parameter)["name"])).toLowerCase());
    return names.filter((name, index) => names.indexOf(name) !== index).map((n) => `${operationId} ${n}`);
  });
  assert.deepEqual(doubled, []);
});

test("every call has a unique id and declares its security", () => {
  const ids = operations.map(({ operationId }) => operationId);
  assert.equal(new Set(ids).size, ids.length);
  const silent = operations.filter(({ security }) => security === undefined);
  assert.deepEqual(
    silent.map(({ operationId }) => operationId),
    [],
  );
});

test("responses allow additional fields, and requests refuse them", () => {
  const ofRequests = Object.keys(schemas).filter((name) => schemas[name]?.["additionalProperties"] === false);
  assert.ok(ofRequests.length > 10);
  for (const name of ofRequests) assert.match(name, /Request$/);
  for (const { responses } of operations) assert.ok(!JSON.stringify(responses).includes("additionalProp"));
});

test("schemas use only what generators support", () => {
  const odd: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    const { anyOf, oneOf, allOf, pattern, format, type } = value as Node;
    const variants = anyOf as Node[] | undefined;
    if (oneOf !== undefined || allOf !== undefined) odd.push(path);
    if (variants !== undefined && (variants.length !== 2 || variants[0]?.["$ref"] === undefined))
      odd.push(path);
    if (pattern !== undefined && (format === "uuid" || format === "date-time")) odd.push(path);
    if ([type].flat().some((one) => one === "integer" || one === "number") && format === undefined)
      odd.push(path);
    for (const [key, one] of Object.entries(value)) walk(one, `${path}/${key}`);
  };
  walk(document.paths, "paths");
  walk(schemas, "schemas");
  assert.deepEqual(odd, []);
});

/** Unnamed objects and enums are named after their property. */
function innerNames(name: string, schema: Node): string[] {
  const properties = Object.entries((schema["properties"] ?? {}) as Record<string, Node>);
  return properties.flatMap(([key, property]) => {
    const own = `${name}${pascal(key)}`;
    const items = (property["items"] ?? {}) as Node;
    const isType = property["enum"] !== undefined || property["properties"] !== undefined;
    return [...(isType ? [own] : []), ...innerNames(own, property), ...innerNames(`${own}Item`, items)];
  });
}

function resolve(parameter: Node): Node {
  const name =
    String(parameter["$ref"] ?? "")
      .split("/")
      .at(-1) ?? "";
  return document.components.parameters[name] ?? parameter;
}

function pascal(text: string): string {
  return text.replace(/(?:^|[_-])(\w)/g, (_, letter: string) => letter.toUpperCase());
}
