import assert from "node:assert/strict";
import { test } from "node:test";
import type { Resolver } from "react-hook-form";
import { laterChecks } from "./later-checks.ts";

type Values = { name: string };

const options = { fields: {}, shouldUseNativeValidation: false };
const refused = { name: { type: "custom", message: "Refused." } };
const refuseAll: Resolver<Values> = () => ({ values: {}, errors: refused });

test("validation is loaded once, and then reused", async () => {
  let fetches = 0;
  const checks = laterChecks<Values>(async () => {
    fetches += 1;
    return refuseAll;
  });
  assert.equal(fetches, 0);
  checks.preload();
  assert.equal(await checks.areFetched({ setError: () => assert.fail("they are fetched") }), true);
  const { errors } = await checks.resolver({ name: "" }, undefined, options);
  assert.deepEqual([fetches, errors], [1, refused]);
});

test("validation that cannot be loaded reports no error but fails the submit, and is loaded again", async () => {
  let isDown = true;
  const checks = laterChecks<Values>(async () => {
    if (isDown) throw new TypeError("Failed to fetch dynamically imported module");
    return refuseAll;
  });
  checks.preload();
  assert.deepEqual((await checks.resolver({ name: "" }, undefined, options)).errors, {});
  const errors: unknown[] = [];
  assert.equal(await checks.areFetched({ setError: (...of) => void errors.push(of) }), false);
  assert.deepEqual(errors.length, 1);
  isDown = false;
  assert.deepEqual((await checks.resolver({ name: "" }, undefined, options)).errors, refused);
});
