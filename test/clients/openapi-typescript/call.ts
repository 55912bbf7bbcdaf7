import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import createClient from "openapi-fetch";
import type { paths } from "../../../dashboard/src/api/schema.generated.ts";

/** Calls a running server with the types that openapi-typescript generates; `npm run check` compiles this file. */
const client = createClient<paths>({
  baseUrl: process.env["OPENSEND_URL"] ?? "",
  headers: { authorization: `Bearer ${process.env["OPENSEND_API_KEY"]}` },
});

const connected = await client.POST("/api/integrations/inspector");
assert.equal(connected.response.status, 201);
const connectionId = connected.data?.data.id ?? "";

const accepted = await client.POST("/api/events", {
  params: { header: { "idempotency-key": randomUUID() } },
  body: { type: "order.paid", data: { order_id: 42 } },
});
assert.equal(accepted.data?.data.deliveries, 1);

const id = accepted.data.data.id;
const read = await client.GET("/api/events/{id}", { params: { path: { id } } });
assert.equal(read.data?.data.data_text, '{"order_id":42}');

const query = {
  connection_id: connectionId,
  created_from: new Date(Date.now() - 60_000).toISOString(),
  limit: 10,
};
const deliveries = await client.GET("/api/deliveries", { params: { query } });
assert.equal(deliveries.data?.data.length, 1);

const missing = await client.GET("/api/integrations/connections/{id}", {
  params: { path: { id: randomUUID() } },
});
assert.equal(missing.error?.code, "not_found");
