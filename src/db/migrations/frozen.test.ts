import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { suite, test } from "node:test";
import { COLUMN_TYPES } from "../migrate.ts";
import { MIGRATIONS } from "./index.ts";

/**
 * A database that has run a migration never runs it again, so its text may not change once it is released: what is wrong with
 * it is put right by the next one. Add a line for each new migration.
 */
const FROZEN: Readonly<Record<string, string>> = {
  "0001-schema": "3f3bb9685bcf85ce",
  "0002-statistics": "83c21daba5fd1ce3",
  "0003-issues": "c0d4656d11cd38fa",
  "0004-deliveries-at-scale": "6a5fabf7c9f7b0ce",
  "0005-connection-state": "84708cd5af1ff579",
  "0006-alerts": "cb0e3bab0fa41e2b",
  "0007-event-details": "4575085184c26dcf",
  "0008-connection-settings": "0cc683e999d641b8",
  "0009-connection-identity": "10fd75bf2e411043",
  "0010-last-change": "297a83fd807c26d0",
};

const digestOf = (statements: readonly string[]) => hash("sha256", statements.join(";\n")).slice(0, 16);

suite("a migration", () => {
  for (const { number, name, statements } of MIGRATIONS) {
    const id = `${String(number).padStart(4, "0")}-${name}`;
    test(`${id} says the same as when it was released`, () => {
      const { sqlite, postgres } = COLUMN_TYPES;
      assert.equal(digestOf([...statements(sqlite), ...statements(postgres)]), FROZEN[id]);
    });
  }

  test("is on the list, and none that is not there", () => {
    const ids = MIGRATIONS.map(({ number, name }) => `${String(number).padStart(4, "0")}-${name}`);
    assert.deepEqual(ids, Object.keys(FROZEN));
  });
});
