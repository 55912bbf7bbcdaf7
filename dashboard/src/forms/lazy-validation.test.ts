import assert from "node:assert/strict";
import { test } from "node:test";
import type { Resolver } from "react-hook-form";
import { lazyValidation } from "./lazy-validation.ts";

type Values = { name: string };

const options = { fields: {}, shouldUseNativeValidation: false };
const refused = { name: { type: "custom", message: "Refused." } };
const refuseAll: Resolver<Values> = () => ({ values: {}, errors: refused });

test("validation is loaded once, and then reused", async () => {
  let fetches = 0;
  const validation = lazyValidation<Values>(async () => {
    fetches += 1;
    return refuseAll;
  });
  assert.equal(fetches, 0);
  validation.preload();
  assert.equal(await validation.ensureLoaded({ setError: () => assert.fail("it is loaded") }), true);
  const { errors } = await validation.resolver({ name: "" }, undefined, options);
  assert.deepEqual([fetches, errors], [1, refused]);
});

test("validation that cannot be loaded reports no error but fails the submit, and is loaded again", async () => {
  let isDown = true;
  const validation = lazyValidation<Values>(async () => {
    if (isDown) throw new TypeError("Failed to fetch dynamically imported module");
    return refuseAll;
  });
  validation.preload();
  assert.deepEqual((await validation.resolver({ name: "" }, undefined, options)).errors, {});
  const errors: unknown[] = [];
  assert.equal(await validation.ensureLoaded({ setError: (...of) => void errors.push(of) }), false);
  assert.deepEqual(errors.length, 1);
  isDown = false;
  assert.deepEqual((await validation.resolver({ name: "" }, undefined, options)).errors, refused);
});
