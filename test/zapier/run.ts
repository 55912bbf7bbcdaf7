import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { makeSqlite } from "../support/databases.ts";
import { installLocked } from "../support/install-locked.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { type Received, startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { until } from "../support/until.ts";

/**
 * Validates the Zapier app with Zapier's schema, and runs its triggers and actions against a server as Zapier's
 * platform does. Installs the app's packages into its folder. Needs the npm registry once.
 *
 *   npm run test:zapier
 */
const APP_DIR = join(import.meta.dirname, "..", "..", "integrations", "zapier");

type Bundle = {
  readonly inputData?: Record<string, unknown>;
  readonly meta?: Record<string, unknown>;
  readonly targetUrl?: string;
  readonly subscribeData?: unknown;
  readonly rawRequest?: { headers: Record<string, string>; content: string };
};
// biome-ignore lint/suspicious/noExplicitAny: results of every shape; tests assert what they find.
type Run = (method: unknown, bundle: Bundle & { authData: Record<string, string> }) => Promise<any>;
type Operation = Readonly<
  Record<"perform" | "performSubscribe" | "performUnsubscribe" | "performList", unknown>
>;
type App = {
  readonly authentication: { readonly test: unknown };
  readonly triggers: Readonly<Record<"new_event" | "event_types", { readonly operation: Operation }>>;
  readonly creates: { readonly send_event: { readonly operation: Operation } };
};

describe("the Zapier app", () => {
  let instance: TestInstance;
  let receiver: TestReceiver;
  let app: App;
  let run: Run;
  let fromApp: NodeJS.Require;

  before(async () => {
    installLocked(APP_DIR);
    // Makes Zapier check the shape of every result, as it does while an app is developed.
    process.env["NODE_ENV"] = "test";
    fromApp = createRequire(join(APP_DIR, "index.js"));
    app = fromApp("./index.js");
    run = fromApp("zapier-platform-core").createAppTester(app);
    [instance, receiver] = await Promise.all([startInstance(makeSqlite), startTestReceiver()]);
  });
  after(async () => {
    await receiver.close();
    await instance.remove();
  });

  const authData = (key = instance.key) => ({ server_url: `${instance.server.url}/`, api_key: key });
  const call = (method: unknown, bundle: Bundle = {}, key?: string) =>
    run(method, { authData: authData(key), inputData: {}, meta: {}, ...bundle });
  const makeKey = async (body: Record<string, unknown>): Promise<string> =>
    (await instance.owner.post("/api/api-keys", { name: "Zapier", ...body })).body.key;
  const listConnections = async () => (await instance.api.get("/api/integrations/connections")).body.data;
  const sendEvent = (type: string, data: unknown) => instance.api.post("/api/events", { type, data });

  test("is valid according to Zapier's schema", async () => {
    const createHandler = fromApp("zapier-platform-core/src/tools/create-lambda-handler");
    const { results } = await createHandler(app)({ command: "validate" });
    assert.deepEqual(results, []);
    const { dependencies } = JSON.parse(readFileSync(join(APP_DIR, "package.json"), "utf8"));
    assert.equal(
      fromApp("zapier-platform-schema/package.json").version,
      dependencies["zapier-platform-core"],
    );
  });

  test("checks keys with every kind of access, and names their workspace", async () => {
    for (const access of ["full_access", "sending_access", "connections"]) {
      const caller = await call(app.authentication.test, {}, await makeKey({ access }));
      assert.equal(caller.access, access);
      assert.equal(typeof caller.workspace.name, "string");
    }
    await assert.rejects(call(app.authentication.test, {}, "os_wrong"), { name: "ExpiredAuthError" });
  });

  test("lists more event types than fit on one page", async () => {
    const events = Array.from({ length: 130 }, (_, index) => ({ type: `page.type_${index}`, data: {} }));
    await instance.api.post("/api/events/batch", events);
    await until(
      async () => (await instance.api.get("/api/event-types?type=page.type_129")).body.data.length > 0,
    );
    const { perform } = app.triggers.event_types.operation;
    const first = await call(perform, { meta: { page: 0 } });
    assert.equal(first.length, 100);
    assert.deepEqual(Object.keys(first[0]), ["id", "name"]);
    assert.equal((await call(perform, { meta: { page: 1 } })).length, 30);
    assert.deepEqual(await call(perform, { meta: { page: 2 } }), []);
  });

  describe("the trigger", () => {
    const { promise: subscribed, resolve: keep } = Promise.withResolvers<{ path: string }>();
    const targetUrl = () => `${receiver.url}/hooks/standard/1/abc/`;
    const bundle = () => ({
      inputData: { event_types: ["order.*"] },
      meta: { zap: { id: 7, name: "Orders" } },
      targetUrl: targetUrl(),
    });

    test("subscribes once with its own connection, using a key limited to connections", async () => {
      const key = await makeKey({ access: "connections" });
      const { performSubscribe } = app.triggers.new_event.operation;
      await call(performSubscribe, bundle(), key);
      keep(await call(performSubscribe, bundle(), key));
      const [connection, ...others] = await listConnections();
      assert.deepEqual(others, []);
      assert.equal(connection.name, "Zapier: Orders");
      assert.deepEqual(connection.event_types, ["order.*"]);
      assert.deepEqual(connection.metadata, { zap_id: "7" });
      assert.equal(connection.config.webhook.has_signing_secret, true);
    });

    test("accepts a signed event, and rejects any other request", async () => {
      const subscribeData = await subscribed;
      const { perform } = app.triggers.new_event.operation;
      const sent = await sendEvent("order.paid", { order_id: 42, name: "Käse 🧀" });
      await until(() => receiver.received.length > 0);
      const received = receiver.received[0] as Received;
      assert.deepEqual(await call(perform, { subscribeData, rawRequest: asZapierHasIt(received) }), [
        {
          id: sent.body.data.id,
          type: "order.paid",
          created_at: sent.body.data.created_at,
          data: { order_id: 42, name: "Käse 🧀" },
        },
      ]);
      for (const rawRequest of forge(received)) {
        await assert.rejects(call(perform, { subscribeData, rawRequest }), /not from OpenSend/);
      }
      const rawRequest = asZapierHasIt(received);
      await assert.rejects(call(perform, { subscribeData: {}, rawRequest }), /not from OpenSend/);
    });

    test("shows the latest events of its types as samples", async () => {
      await sendEvent("user.created", {});
      const { performList } = app.triggers.new_event.operation;
      const samples = await call(performList, bundle());
      assert.deepEqual(
        samples.map(({ type, data }: { type: string; data: unknown }) => ({ type, data })),
        [{ type: "order.paid", data: { order_id: 42, name: "Käse 🧀" } }],
      );
    });

    test("removes its connection, even if it no longer exists", async () => {
      const subscribeData = await subscribed;
      const { performUnsubscribe } = app.triggers.new_event.operation;
      await call(performUnsubscribe, { subscribeData });
      assert.deepEqual(await listConnections(), []);
      await call(performUnsubscribe, { subscribeData });
    });

    test("subscribes to everything its key can receive if no type is chosen", async () => {
      const { performSubscribe, performUnsubscribe } = app.triggers.new_event.operation;
      for (const event_types of [null, ["order.*", "user.created"]]) {
        const key = await makeKey({ access: "connections", event_types });
        const subscribeData = await call(performSubscribe, { targetUrl: targetUrl() }, key);
        assert.deepEqual((await listConnections())[0].event_types, event_types ?? ["*"]);
        await call(performUnsubscribe, { subscribeData }, key);
      }
    });

    test("says why OpenSend refuses a subscription", async () => {
      const { performSubscribe } = app.triggers.new_event.operation;
      const key = await makeKey({ access: "sending_access" });
      await assert.rejects(call(performSubscribe, bundle(), key), /access/);
      await assert.rejects(call(performSubscribe, { ...bundle(), targetUrl: "ftp://example.com/" }), /http/);
    });
  });

  describe("the action", () => {
    const perform = () => app.creates.send_event.operation.perform;

    test("sends fields and JSON as one event, and the same id once", async () => {
      const inputData = {
        type: "order.shipped",
        fields: { city: "Köln", weight: "3" },
        json: '{"weight": 2.5, "items": [{"sku": "a"}]}',
        id: "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11",
      };
      const key = await makeKey({ access: "sending_access" });
      const event = await call(perform(), { inputData }, key);
      assert.equal(event.type, "order.shipped");
      assert.deepEqual(await call(perform(), { inputData }, key), event);
      const stored = await instance.api.get(`/api/events/${event.id}`);
      assert.deepEqual(stored.body.data.data, { city: "Köln", weight: 2.5, items: [{ sku: "a" }] });
    });

    test("refuses to send data that is not a JSON object", async () => {
      for (const json of ["{", "[1]", "null", '"text"']) {
        const halted = call(perform(), { inputData: { type: "order.shipped", json } });
        await assert.rejects(halted, { name: "HaltedError" }, json);
      }
    });

    test("passes on OpenSend's error message", async () => {
      await assert.rejects(call(perform(), { inputData: { type: "not a type" } }), /type/);
    });
  });
});

/** A request in the form in which Zapier's platform passes it on: headers in title case, each with a prefix. */
function asZapierHasIt({ headers, body }: Pick<Received, "headers" | "body">) {
  const written = Object.entries(headers).map(([name, value]) => {
    const titled = name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
    return [`Http-${titled}`, String(value)];
  });
  return { headers: Object.fromEntries(written) as Record<string, string>, content: body };
}

function forge({ headers, body }: Received) {
  const old = String(Number(headers["webhook-timestamp"]) - 600);
  return [
    { headers, body: body.replace("42", "43") },
    { headers: { ...headers, "webhook-id": "another" }, body },
    { headers: { ...headers, "webhook-timestamp": old }, body },
    { headers: { ...headers, "webhook-signature": "v1,AAAA" }, body },
    { headers: {}, body },
  ].map(asZapierHasIt);
}
