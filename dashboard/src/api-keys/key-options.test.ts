import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiKey } from "../api/types.ts";
import { keyOptions } from "./key-options.ts";

const FIRST = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11";
const SECOND = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e12";
const BACKEND = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e13";
const SHOP = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e14";

const key = (id: string, name: string, access: ApiKey["access"], replaces: string | null = null): ApiKey => ({
  id,
  name,
  access,
  event_types: null,
  replaces,
  prefix: "os_abcd",
  last_four: id.slice(-4),
  created_by: null,
  created_at: "2026-01-01T00:00:00.000Z",
  last_used_at: null,
  expires_at: null,
  revoked_at: null,
});
const KEYS = [
  key(SECOND, "n8n", "connections", FIRST),
  key(SHOP, "Shop", "sending_access"),
  key(BACKEND, "Backend", "full_access"),
  key(FIRST, "n8n", "connections"),
];

test("offers each key that may create connections, and one for those that replace one another", () => {
  const values = (text: string) => keyOptions(KEYS, text).map(({ value }) => value);
  assert.deepEqual(values(""), [FIRST, BACKEND]);
  assert.deepEqual(values("N8"), [FIRST]);
  assert.deepEqual(values("shop"), []);
});

test("takes a pasted ID, and means the key whose connections it manages", () => {
  const values = (text: string) => keyOptions(KEYS, text).map(({ value }) => value);
  assert.deepEqual(values(` ${SECOND.toUpperCase()} `), [FIRST]);
  const unknown = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e99";
  assert.deepEqual(values(unknown), [unknown]);
});
