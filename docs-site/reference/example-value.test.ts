import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Schema } from "./describe-type.ts";
import { exampleValue } from "./example-value.ts";
import { bodySchemaOf, type Document, listOperations, successOf } from "./operations.ts";

const PROJECT_DIR = join(import.meta.dirname, "..", "..");
const document = JSON.parse(readFileSync(join(PROJECT_DIR, "openapi.json"), "utf8")) as Document;

describe("examples of the reference", () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  for (const format of ["int64", "double"]) ajv.addFormat(format, true);
  ajv.addSchema({ $id: "api", ...document });
  const check = (schema: Schema, value: unknown, name: string) => {
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/'));
    assert.ok(ajv.validate(absolute, value), `${name}: ${ajv.errorsText()} in ${JSON.stringify(value)}`);
  };

  it("are valid request bodies of every operation that has one", () => {
    const operations = listOperations(document).filter((one) => bodySchemaOf(one) !== undefined);
    assert.ok(operations.length > 15);
    for (const one of operations) {
      const schema = bodySchemaOf(one) ?? {};
      check(schema, exampleValue(document, schema, "request"), one.id);
    }
  });

  it("are valid responses of every operation", () => {
    for (const one of listOperations(document)) {
      const { schema, type } = successOf(one);
      if (schema === undefined || type?.includes("json") !== true) continue;
      check(schema, exampleValue(document, schema, "response"), one.id);
    }
  });

  it("end at a schema that contains itself", () => {
    const node = { type: "object", properties: { child: { $ref: "#/components/schemas/Node" } } };
    const nested = { components: { schemas: { Node: node } } } as unknown as Document;
    assert.ok(JSON.stringify(exampleValue(nested, node as Schema, "response")).length < 1_000);
  });
});
