import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { OpenAPIV3_1 } from "openapi-types";
import { describeType } from "./describe-type.ts";

const PROJECT_DIR = join(import.meta.dirname, "..", "..");
const document = JSON.parse(readFileSync(join(PROJECT_DIR, "openapi.json"), "utf8")) as OpenAPIV3_1.Document;

suite("describeType", () => {
  const TYPES: readonly [schema: object, text: string][] = [
    [{ type: "string", format: "date-time" }, "string date-time"],
    [{ type: ["string", "null"], format: "date-time" }, "string date-time | null"],
    [{ type: ["integer", "null"], format: "int64" }, "integer | null"],
    [{ type: ["string", "null"], enum: ["a", null] }, '"a" | null'],
    [
      { type: ["object", "null"], properties: { n: { type: "number", format: "double" } } },
      '{\n  "n": number\n} | null',
    ],
    [{ type: "array", items: { type: "string" } }, "[string]"],
    [{}, "any"],
  ];
  for (const [schema, text] of TYPES) {
    test(`shows ${JSON.stringify(schema)}`, () => assert.equal(describeType(document, schema), text));
  }
});
