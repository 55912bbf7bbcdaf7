import assert from "node:assert/strict";
import { test } from "node:test";
import type { Connection } from "../../api/types.ts";
import { changeOf, valuesOf } from "./settings-values.ts";

const connection = {
  name: "Zapier catch hook",
  description: null,
  external_id: null,
  metadata: {},
  event_types: ["order.*", "user.created"],
  ordered: false,
  concurrency: 10,
  rate_limit_per_minute: null,
  timeout_seconds: 15,
  config: { webhook: { header_names: ["X-Api-Key"] } },
} as Connection;

test("starts with empty secrets and one event type per line", () => {
  assert.deepEqual(valuesOf(connection), {
    name: "Zapier catch hook",
    description: "",
    external_id: "",
    metadata: "",
    webhook_url: "",
    signing_secret: "",
    receives: "some",
    event_types: "order.*\nuser.created",
    order: "fast",
    concurrency: "10",
    rate_limit_per_minute: "",
    timeout_seconds: "15",
    headers: [{ kind: "stored", name: "X-Api-Key", user: "", value: "", isRemoved: false }],
  });
});

test("sends nothing when nothing changed", () => {
  assert.deepEqual(changeOf(connection, valuesOf(connection)), {});
});

test("keeps OpenSend's own events selected along with all events", () => {
  const both = { ...connection, event_types: ["*", "integration.*"] };
  const values = valuesOf(both);
  assert.deepEqual([values.receives, values.event_types], ["some", "*\nintegration.*"]);
  assert.deepEqual(changeOf(both, { ...values, name: "Another" }), { name: "Another" });
  assert.equal(valuesOf({ ...connection, event_types: ["*"] }).receives, "all");
});

test("sends only what changed", () => {
  const values = { ...valuesOf(connection), signing_secret: "s3cret", receives: "all" } as const;
  assert.deepEqual(changeOf(connection, values), { signing_secret: "s3cret", event_types: ["*"] });
});

test("clears a description with null", () => {
  const described = { ...connection, description: "Orders" };
  assert.deepEqual(changeOf(described, { ...valuesOf(described), description: "" }), { description: null });
});

test("clears an external id with null, and sends only the changed metadata", () => {
  const known = { ...connection, external_id: "customer-42", metadata: { plan: "pro", region: "eu" } };
  const values = { ...valuesOf(known), external_id: "", metadata: "region=us\ncustomer=42" };
  assert.deepEqual(changeOf(known, values), {
    external_id: null,
    metadata: { plan: null, region: "us", customer: "42" },
  });
  assert.deepEqual(changeOf(known, { ...valuesOf(known), metadata: "region=eu\nplan=pro" }), {});
});

test("sends limits as numbers, and no limit as null", () => {
  const limited = { ...connection, rate_limit_per_minute: 60 };
  const values = { ...valuesOf(limited), order: "strict", concurrency: "3" } as const;
  assert.deepEqual(changeOf(limited, values), { ordered: true, concurrency: 3 });
  assert.deepEqual(changeOf(limited, { ...valuesOf(limited), rate_limit_per_minute: "" }), {
    rate_limit_per_minute: null,
  });
});

test("sends a timeout as a number", () => {
  const values = { ...valuesOf(connection), timeout_seconds: "60" };
  assert.deepEqual(changeOf(connection, values), { timeout_seconds: 60 });
});
