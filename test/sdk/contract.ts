import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestReceiver } from "../support/receiver.ts";
import { until } from "../support/until.ts";
import type { Driver, Settings } from "./driver.ts";
import type { FaultProxy, Plan } from "./fault-proxy.ts";

/** The environment of a client's tests. */
export type Setting = {
  readonly url: string;
  readonly key: string;
  readonly receiver: TestReceiver;
  readonly proxy: FaultProxy;
  /** The secret of a connection to the receiver that gets this client's events. */
  readonly secret: string;
  /** The first part of this client's event types. */
  readonly prefix: string;
};

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const BATCH_BYTES_MAX = 8 * 1024 * 1024;
/** Timers may fire slightly early. */
const TIMER_TOLERANCE_MS = 50;
/** Timeout of one attempt: short if the proxy never responds, otherwise long enough for a busy machine. */
const SHORT_TIMEOUT_MS = 3000;
const TIMEOUT_MS = 60_000;

/** The same tests for every client: requests, retries, and errors. */
export function contract(driver: () => Driver, setting: () => Setting): void {
  sending(driver, setting);
  retries(driver, setting);
  batches(driver, setting);
  management(driver, setting);
}

function sending(driver: () => Driver, setting: () => Setting): void {
  const direct = (): Settings => ({
    url: setting().url,
    apiKey: setting().key,
    timeoutMs: TIMEOUT_MS,
  });
  const type = (name: string) => `${setting().prefix}.${name}`;

  test("sends an event, and verifies its signatures on arrival", async () => {
    const data_text = '{"order_id":12345678901234567890,"price":1.10,"note":"Käse <&> 🧀"}';
    const accepted = await driver().call(direct(), "send", { type: type("exact"), data_text });
    assert.match(accepted.id, UUID_V7);
    assert.equal(accepted.deliveries, 1);
    const found = () =>
      setting().receiver.received.find(({ headers }) => headers["webhook-id"] === accepted.id);
    await until(() => found() !== undefined, "the event arrives");
    const { headers = {}, body = "" } = found() ?? {};
    assert.ok(body.endsWith(`"data":${data_text}}`), body);
    for (const scheme of ["standard", "opensend"]) {
      const request = { body, headers, secrets: [setting().secret], scheme };
      const event = await driver().call(direct(), "verify", request);
      assert.deepEqual([event.id, event.type], [accepted.id, type("exact")]);
      const changed = { ...request, body: body.replace("1.10", "9.99") };
      assert.equal((await driver().failure(direct(), "verify", changed)).code, "mismatch");
      const wrong = { ...request, secrets: ["another secret"] };
      assert.equal((await driver().failure(direct(), "verify", wrong)).code, "mismatch");
    }
  });

  test("sends an object and a timestamp, and reads the event back", async () => {
    const created_at = "2026-06-06T00:00:00.000Z";
    const { id } = await driver().call(direct(), "send", {
      type: type("read"),
      data: { a: [1, "é"] },
      created_at,
    });
    const event = await driver().call(direct(), "events.get", id);
    assert.deepEqual(
      [event.type, event.created_at, event.data_text],
      [type("read"), created_at, '{"a":[1,"é"]}'],
    );
    // With a filter, a page can be empty although more pages follow.
    const [listed] = await driver().call(direct(), "events.all", { type: type("read"), include: "data" });
    assert.deepEqual([listed.id, listed.data_text], [id, event.data_text]);
    const types = await driver().call(direct(), "events.listTypes", { type: type("read") });
    assert.ok(Array.isArray(types.data));
  });

  test("accepts the caller's id, and reports an id that belongs to a different event", async () => {
    const id = crypto.randomUUID();
    const event = { type: type("own-id"), id, data: { a: 1 } };
    for (const _ of [1, 2]) assert.equal((await driver().call(direct(), "send", event)).id, id);
    const failure = await driver().failure(direct(), "send", { ...event, data: { a: 2 } });
    assert.deepEqual(
      [failure.name.toLowerCase(), failure.status, failure.code],
      ["apierror", 409, "event_id_reused"],
    );
    assert.ok(failure.request_id);
  });

  test("says which fields are invalid", async () => {
    const failure = await driver().failure(direct(), "send", { type: "no spaces", data: {} });
    assert.deepEqual([failure.status, failure.code], [422, "validation_failed"]);
    assert.deepEqual(
      failure.errors.map(({ path }) => path),
      ["type"],
    );
  });

  test("refuses data that is not an object, without sending a request", async () => {
    const { url, requests } = setting().proxy.address(() => "pass");
    const settings = { url, apiKey: setting().key };
    await driver().failure(settings, "send", { type: type("a"), data_text: '{}},{"type":"b","data":{}' });
    await driver().failure(settings, "send", { type: type("a"), data: [1] });
    assert.equal(requests.length, 0);
  });

  test("never shows the key, whatever fails", async () => {
    const { key } = setting();
    const closed = "http://127.0.0.1:9";
    for (const [url, apiKey] of [
      [closed, key],
      [setting().url, `${key}x`],
      [setting().url, `${key}\n`],
      [setting().url, `${key} ü`],
    ] as const) {
      const failure = await driver().failure({ url, apiKey, maxRetries: 0 }, "send", { type: "a", data: {} });
      assert.ok(!JSON.stringify(failure).includes(key), failure.message);
    }
  });
}

function retries(driver: () => Driver, setting: () => Setting): void {
  const through = (plan: Plan, settings: Partial<Settings> = {}) => {
    const { url, requests } = setting().proxy.address(plan);
    return { settings: { url, apiKey: setting().key, timeoutMs: TIMEOUT_MS, ...settings }, requests };
  };
  const event = (name: string) => ({ type: `${setting().prefix}.${name}`, data: { name } });
  const eventsOf = async (name: string) => {
    const direct = { url: setting().url, apiKey: setting().key, timeoutMs: TIMEOUT_MS };
    const found = await driver().call(direct, "events.all", { type: `${setting().prefix}.${name}` });
    return found as { readonly id: string }[];
  };

  for (const [name, refusal] of [
    ["too-many", () => ({ status: 429, headers: { "retry-after": "1" } })],
    [
      "too-many-until",
      () => ({ status: 503, headers: { "retry-after": new Date(Date.now() + 2000).toUTCString() } }),
    ],
  ] as const) {
    test(`waits for the time in Retry-After (${name})`, async () => {
      const { settings, requests } = through((count) => (count === 1 ? refusal() : "pass"));
      const { id } = await driver().call(settings, "send", event(name));
      assert.equal(requests.length, 2);
      const [first, second] = requests;
      assert.ok((second?.at ?? 0) - (first?.at ?? 0) >= 1000 - TIMER_TOLERANCE_MS);
      assert.equal(second?.body, first?.body);
      assert.deepEqual(
        (await eventsOf(name)).map((one) => one.id),
        [id],
      );
    });
  }

  for (const fate of ["drop", "lose", "hold"] as const) {
    test(`retries when there is no response (${fate}), without storing the event twice`, async () => {
      const name = `no-response-${fate}`;
      const [faults, timeoutMs] = fate === "hold" ? [1, SHORT_TIMEOUT_MS] : [2, TIMEOUT_MS];
      const { settings, requests } = through((count) => (count <= faults ? fate : "pass"), { timeoutMs });
      const { id } = await driver().call(settings, "send", event(name));
      // On a slow machine, requests that were not held may also time out.
      assert.ok(fate === "hold" ? requests.length > faults : requests.length === faults + 1);
      assert.equal(new Set(requests.map(({ body }) => body)).size, 1);
      assert.deepEqual(
        (await eventsOf(name)).map((one) => one.id),
        [id],
      );
    });
  }

  test("gives up after the retries, with the last error", async () => {
    const page = { status: 502, headers: { "content-type": "text/html" }, body: "<h1>Bad gateway</h1>" };
    const { settings, requests } = through(() => page, { maxRetries: 1 });
    const failure = await driver().failure(settings, "send", event("never"));
    assert.deepEqual([failure.status, failure.code, requests.length], [502, null, 2]);
    const silent = through(() => "hold", { maxRetries: 0, timeoutMs: 100 });
    assert.equal((await driver().failure(silent.settings, "send", event("never"))).name, "TimeoutError");
    const dropped = through(() => "drop", { maxRetries: 0 });
    assert.equal((await driver().failure(dropped.settings, "send", event("never"))).name, "NetworkError");
    assert.equal(dropped.requests.length, 1);
  });

  test("leaves a long Retry-After to the caller", async () => {
    const { settings, requests } = through(() => ({ status: 429, headers: { "retry-after": "3600" } }));
    const failure = await driver().failure(settings, "send", event("never"));
    assert.deepEqual([failure.status, failure.retry_after, requests.length], [429, 3600, 1]);
  });

  test("does not retry requests that the server refuses", async () => {
    const { settings, requests } = through(() => "pass");
    const wrongKey = { ...settings, apiKey: "os_wrong" };
    assert.equal((await driver().failure(wrongKey, "send", event("never"))).code, "unauthenticated");
    assert.equal(requests.length, 1);
  });

  test("does not follow redirects, so that the key goes only to the server", async () => {
    const elsewhere = through(() => "pass");
    const location = `${elsewhere.settings.url}/api/events`;
    const { settings } = through(() => ({ status: 307, headers: { location } }));
    assert.equal((await driver().failure(settings, "send", event("never"))).status, 307);
    assert.equal(elsewhere.requests.length, 0);
  });

  test("reports a response that is not from OpenSend", async () => {
    const page = { status: 200, headers: { "content-type": "text/html" }, body: "<h1>Hello</h1>" };
    const { settings, requests } = through(() => page);
    const failure = await driver().failure(settings, "events.list", {});
    assert.deepEqual([failure.name.toLowerCase(), requests.length], ["apierror", 1]);
  });
}

function batches(driver: () => Driver, setting: () => Setting): void {
  const through = (plan: Plan) => {
    const { url, requests } = setting().proxy.address(plan);
    return { settings: { url, apiKey: setting().key, maxRetries: 1, timeoutMs: TIMEOUT_MS }, requests };
  };
  // No connection subscribes to these events, because there are many.
  const typeOf = (name: string) => `${setting().prefix}_batch.${name}`;
  const events = (name: string, count: number, filler = "") =>
    Array.from({ length: count }, (_, number) => ({
      type: typeOf(name),
      data: { number, filler },
    }));
  const sizes = (requests: readonly { body: string }[]) =>
    requests.map(({ body }) => JSON.parse(body).length);

  test("splits a batch by number and by bytes, in order", async () => {
    const many = through(() => "pass");
    const accepted = await driver().call(many.settings, "sendBatch", events("many", 1200));
    assert.deepEqual(sizes(many.requests), [1000, 200]);
    const sent = many.requests.flatMap(({ body }) => JSON.parse(body).map(({ id }: { id: string }) => id));
    assert.deepEqual(
      accepted.map(({ id }: { id: string }) => id),
      sent,
    );
    const large = through(() => ({ status: 400 }));
    await driver().failure(large.settings, "sendBatch", events("large", 33, "é".repeat(130_000)));
    const [first] = large.requests;
    assert.ok(Buffer.byteLength(first?.body ?? "") <= BATCH_BYTES_MAX);
    assert.equal(JSON.parse(first?.body ?? "").length, 32);
    assert.deepEqual(await driver().call(many.settings, "sendBatch", []), []);
  });

  test("halves a batch that a proxy refuses as too large", async () => {
    const small = through((_, { body }) => (Buffer.byteLength(body) > 20_000 ? { status: 413 } : "pass"));
    const accepted = await driver().call(small.settings, "sendBatch", events("halved", 6, "a".repeat(5000)));
    assert.equal(accepted.length, 6);
    assert.deepEqual(sizes(small.requests), [6, 3, 3]);
  });

  test("reports the unsent part of a batch, which can be resent safely", async () => {
    const name = "remaining";
    const lost = through((count) => (count === 1 ? "pass" : "lose"));
    const failure = await driver().failure(lost.settings, "sendBatch", events(name, 1005));
    assert.deepEqual(
      [failure.name, failure.accepted.length, failure.remaining.length],
      ["BatchError", 1000, 5],
    );
    assert.equal(failure.cause?.name, "NetworkError");
    const again = await driver().call(through(() => "pass").settings, "sendBatch", failure.remaining);
    assert.equal(again.length, 5);
    const direct = { url: setting().url, apiKey: setting().key, timeoutMs: TIMEOUT_MS };
    const query = { type: typeOf(name), limit: 100 };
    const stored = await driver().call(direct, "events.all", query);
    assert.equal(new Set(stored.map(({ id }: { id: string }) => id)).size, 1005);
  });

  test("names the invalid event of a batch", async () => {
    const given = [...events("mixed", 2), { type: "no spaces", data: {} }];
    const failure = await driver().failure(through(() => "pass").settings, "sendBatch", given);
    assert.deepEqual([failure.accepted.length, failure.remaining.length], [0, 3]);
    assert.equal(failure.cause?.code, "validation_failed");
    assert.deepEqual(
      failure.cause?.errors.map(({ path }) => path),
      ["2.type"],
    );
  });
}

function management(driver: () => Driver, setting: () => Setting): void {
  const direct = (): Settings => ({
    url: setting().url,
    apiKey: setting().key,
    timeoutMs: TIMEOUT_MS,
  });

  test("manages connections", async () => {
    const call = (method: string, ...args: unknown[]) =>
      driver().call(direct(), `connections.${method}`, ...args);
    const { url, requests } = setting().proxy.address((count) => (count === 1 ? "lose" : "pass"));
    const wanted = {
      name: `${setting().prefix} managed`,
      webhook_url: `${setting().receiver.url}/managed`,
      signing_secret: "first secret",
      event_types: [`${setting().prefix}.managed`],
      headers: { "X-Token": `token of ${setting().prefix}` },
      timeout_seconds: 5,
    };
    const created = await driver().call({ url, apiKey: setting().key }, "connections.create", wanted);
    assert.equal(requests.length, 2);
    const found = await call("all", { q: wanted.name, limit: 1 });
    assert.deepEqual(
      found.map(({ id }: { id: string }) => id),
      [created.id],
    );
    const updated = await call("update", created.id, { description: "A note", ordered: true });
    assert.deepEqual([updated.description, updated.ordered], ["A note", true]);
    assert.equal((await call("update", created.id, { description: null })).description, null);
    assert.equal((await call("pause", created.id)).status, "paused");
    assert.equal((await call("resume", created.id)).status, "connected");
    const tested = await call("test", created.id);
    assert.deepEqual([tested.ok, tested.status], [true, 200]);
    assert.deepEqual([created.config.webhook.header_names, created.timeout_seconds], [["X-Token"], 5]);
    const { headers } =
      setting().receiver.received.find((one) => one.headers["webhook-id"] === tested.event_id) ?? {};
    assert.equal(headers?.["x-token"], wanted.headers["X-Token"]);
    await call("rotateSecret", created.id, { signing_secret: "second secret", overlap_hours: 1 });
    assert.ok((await call("get", created.id)).config.webhook.previous_secret_expires_at);
    assert.equal((await call("delete", created.id)).status, "disconnected");
    const missing = await driver().failure(direct(), "connections.get", crypto.randomUUID());
    assert.deepEqual([missing.status, missing.code], [404, "not_found"]);
    assert.equal((await driver().failure(direct(), "connections.get", "../x")).code, "invalid_id");
  });

  test("upserts a connection by the caller's own id", async () => {
    const call = (method: string, ...args: unknown[]) =>
      driver().call(direct(), `connections.${method}`, ...args);
    const externalId = `${setting().prefix}:own~1`;
    const webhook_url = `${setting().receiver.url}/${setting().prefix}/own?a=b`;
    const wanted = { webhook_url, event_types: ["none.*"], metadata: { customer: setting().prefix } };
    const created = await call("putByExternalId", externalId, wanted);
    const again = await call("putByExternalId", externalId, { name: "Renamed" });
    assert.deepEqual([again.id, again.name, again.external_id], [created.id, "Renamed", externalId]);
    assert.equal((await call("getByExternalId", externalId)).id, created.id);
    const ids = (list: { id: string }[]) => list.map(({ id }) => id);
    assert.deepEqual(ids((await call("find", { webhook_url })).data), [created.id]);
    const metadata = { customer: setting().prefix };
    assert.deepEqual(ids(await call("all", { metadata })), [created.id]);
    assert.deepEqual(ids(await call("all", { metadata: { customer: "none & other" } })), []);
    assert.equal((await call("deleteByExternalId", externalId)).status, "disconnected");
    const missing = await driver().failure(direct(), "connections.getByExternalId", externalId);
    assert.equal(missing.code, "not_found");
  });

  test("describes its own key", async () => {
    const caller = await driver().call(direct(), "me");
    assert.deepEqual([caller.kind, caller.access, caller.user], ["api_key", "full_access", null]);
  });

  test("reads and retries deliveries", async () => {
    const { id } = await driver().call(direct(), "send", { type: `${setting().prefix}.delivered`, data: {} });
    const list = () => driver().call(direct(), "deliveries.list", { event_id: id });
    await until(async () => (await list()).data[0]?.status === "delivered", "it is delivered");
    const [delivery] = (await list()).data;
    assert.equal((await driver().call(direct(), "deliveries.get", delivery.id)).attempts.length, 1);
    await driver().call(direct(), "deliveries.retry", delivery.id);
    await until(async () => (await list()).data[0]?.attempt_count === 2, "it is delivered again");
    const failure = await driver().failure(direct(), "deliveries.cancel", delivery.id);
    assert.deepEqual([failure.status, failure.code], [409, "delivery_state"]);
  });
}
