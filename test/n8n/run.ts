import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { opensendSignature } from "../../src/crypto/opensend-signature.ts";
import { makeSqlite } from "../support/databases.ts";
import { installLocked } from "../support/install-locked.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { until } from "../support/until.ts";
import { type RunningN8n, startN8n } from "./running-n8n.ts";

/**
 * Builds and lints the node package with n8n's own tools, loads it into n8n as it would be published, and runs the
 * workflow of n8n's built-in nodes there, both against a server. Needs the npm registry, and 3 GB for n8n the first
 * time.
 *
 *   npm run test:n8n
 */
const INTEGRATIONS_DIR = join(import.meta.dirname, "..", "..", "integrations");
const PACKAGE_DIR = join(INTEGRATIONS_DIR, "n8n-nodes-opensend");
const STOCK_WORKFLOW = join(INTEGRATIONS_DIR, "n8n-workflow", "opensend-verified-webhook.json");
const SECRET = "schlüssel & 鍵";
const TEST_TIMEOUT_MS = 60_000;

type Node = Record<string, unknown> & { readonly name: string; readonly type: string };
type Credential = { readonly id: string; readonly name: string; readonly type: string };

const folder = mkdtempSync(join(tmpdir(), "opensend-n8n-package-"));
let instance: TestInstance;
let n8n: RunningN8n;

before(async () => {
  installLocked(PACKAGE_DIR);
  await inPackage("npm", "run", "build");
  const packed = await pack();
  [instance, n8n] = await Promise.all([startInstance(makeSqlite), startN8n(packed)]);
});
after(async () => {
  await n8n?.stop();
  await instance?.remove();
  rmSync(folder, { recursive: true, force: true });
});

test("the node package passes n8n's linter", async () => {
  await inPackage("npm", "run", "lint");
});

describe("the workflow of built-in nodes", { timeout: TEST_TIMEOUT_MS }, () => {
  let workflow: string;
  const url = () => `${n8n.url}/webhook/opensend`;
  const post = async (body: string, headers: Record<string, string> = {}) =>
    (
      await fetch(url(), {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body,
      })
    ).status;

  before(async () => {
    const credential = await makeCredential("crypto", { hmacSecret: SECRET });
    const { nodes, ...others } = JSON.parse(readFileSync(STOCK_WORKFLOW, "utf8")) as { nodes: Node[] };
    const withCredential = nodes.map((node) =>
      node.type.endsWith(".crypto") ? use(credential, node) : node,
    );
    workflow = await activate({ nodes: withCredential, ...others });
  });

  test("accepts a signed event", async () => {
    const body = { webhook_url: url(), signing_secret: SECRET };
    const created = await instance.api.post("/api/integrations/webhook", body);
    const tested = await instance.api.post(`/api/integrations/connections/${created.body.data.id}/test`);
    assert.equal(tested.body.delivery.status, 200, tested.text);
    const [event] = await itemsOf(workflow, "Event");
    assert.equal(event.id, tested.body.delivery.event_id);
    assert.equal(event.type, "integration.test");
    assert.equal(event.data.connection_id, created.body.data.id);
    await instance.api.delete(`/api/integrations/connections/${created.body.data.id}`);
  });

  test("responds with 401 to everything else", async () => {
    const body = '{"type":"order.paid","created_at":"2026-06-06T00:00:00.000Z","data":{"name":"Käse 🧀"}}';
    const signed = (offsetS = 0, secret = SECRET) => {
      const timestamp = Math.floor(Date.now() / 1000) + offsetS;
      const signature = opensendSignature(secret, timestamp, body);
      return { "x-opensend-timestamp": String(timestamp), "x-opensend-signature": signature };
    };
    assert.equal(await post(body, signed()), 200);
    const { "x-opensend-signature": previous, ...timestamp } = signed();
    const rotated = { ...timestamp, "x-opensend-signature": "0", "x-opensend-signature-previous": previous };
    assert.equal(await post(body, rotated), 200);
    assert.equal(await post(`${body} `, signed()), 401, "another body");
    assert.equal(await post(body, signed(0, "another")), 401, "another secret");
    assert.equal(await post(body, signed(-360)), 401, "too old");
    assert.equal(await post(body, signed(360)), 401, "too new");
    assert.equal(await post(body), 401, "not signed");
    assert.equal(await post("", signed()), 401, "no body");
    assert.equal(await post(body, { "x-opensend-timestamp": "now", "x-opensend-signature": "" }), 401);
    const form = "multipart/form-data; boundary=x";
    const part = '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n';
    assert.equal(await post(part, { ...signed(), "content-type": form }), 401, "a form");
  });
});

describe("the credential", { timeout: TEST_TIMEOUT_MS }, () => {
  const check = async (data: Record<string, string>) => {
    const { id, name, type } = await makeCredential("openSendApi", data);
    return (await n8n.call("POST", "/credentials/test", { credentials: { id, name, type, data } })).status;
  };

  test("can be tested with every kind of key", async () => {
    for (const access of ["connections", "sending_access", "full_access"]) {
      assert.equal(
        await check({ serverUrl: `${instance.server.url}/`, apiKey: await makeKey(access) }),
        "OK",
      );
    }
    assert.equal(await check({ serverUrl: instance.server.url, apiKey: "os_wrong" }), "Error");
  });
});

describe("the trigger", { timeout: TEST_TIMEOUT_MS }, () => {
  let credential: Credential;
  let workflow: string;

  before(async () => {
    credential = await openSendCredential("connections");
  });

  test("lists the event types and their patterns", async () => {
    await instance.api.post("/api/events", { type: "order.item.added", data: {} });
    await until(async () => (await instance.api.get("/api/event-types")).body.data.length > 0);
    const options = await n8n.call("POST", "/dynamic-node-parameters/options", {
      nodeTypeAndVersion: { name: "n8n-nodes-opensend.openSendTrigger", version: 1 },
      path: "parameters.eventTypes",
      methodName: "getEventTypesAndPatterns",
      currentNodeParameters: {},
      credentials: { openSendApi: credential },
    });
    const values = options.map(({ value }: { value: string }) => value);
    assert.deepEqual(values, ["order.*", "order.item.*", "order.item.added"]);
  });

  test("creates its own connection when the workflow is activated", async () => {
    const trigger = use(credential, {
      id: "trigger",
      name: "OpenSend Trigger",
      type: "n8n-nodes-opensend.openSendTrigger",
      typeVersion: 1,
      position: [0, 0],
      webhookId: "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11",
      parameters: { eventTypes: ["order.*"] },
    });
    workflow = await activate({ name: "Orders", nodes: [trigger], connections: {}, settings: {} });
    const [connection, ...others] = await listConnections();
    assert.deepEqual(others, []);
    assert.equal(connection.name, "n8n: Orders");
    assert.deepEqual(connection.event_types, ["order.*"]);
    assert.deepEqual(connection.metadata, { n8n_workflow_id: workflow });
    assert.equal(connection.config.webhook.has_signing_secret, true);
  });

  test("starts the workflow for each event", async () => {
    const data = { order_id: 42, name: "Käse 🧀" };
    const sent = await instance.api.post("/api/events", { type: "order.paid", data });
    const [event] = await itemsOf(workflow, "OpenSend Trigger");
    const { id, type, created_at } = sent.body.data;
    assert.deepEqual(event, { id, type, created_at, data });
  });

  test("responds with 401 to a request not signed by OpenSend", async () => {
    const url = `${n8n.url}/webhook/0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11/webhook`;
    const headers = { "content-type": "application/json", "webhook-id": "1" };
    const timestamp = String(Math.floor(Date.now() / 1000));
    const forged = { ...headers, "webhook-timestamp": timestamp, "webhook-signature": "v1,AAAA" };
    for (const given of [headers, forged]) {
      const response = await fetch(url, { method: "POST", headers: given, body: '{"type":"order.paid"}' });
      assert.equal(response.status, 401);
    }
    const sent = await instance.api.post("/api/events", { type: "order.later", data: {} });
    await until(async () => (await itemsOf(workflow, "OpenSend Trigger"))[0].id === sent.body.data.id);
    assert.equal((await executionsOf(workflow)).length, 2);
  });

  test("uses another connection for a test run, and removes it afterwards", async () => {
    const [activated] = await listConnections();
    const start = { triggerToStartFrom: { name: "OpenSend Trigger" } };
    const { waitingForWebhook } = await n8n.call("POST", `/workflows/${workflow}/run`, start);
    assert.equal(waitingForWebhook, true);
    assert.equal((await listConnections()).length, 2);
    const sent = await instance.api.post("/api/events", { type: "order.tested", data: {} });
    await until(async () => (await listConnections()).length === 1);
    assert.equal((await listConnections())[0].id, activated.id);
    await until(
      async () => (await executionsOf(workflow)).some(({ mode }) => mode === "manual"),
      "a test run",
    );
    const deliveries = await instance.api.get(`/api/deliveries?event_id=${sent.body.data.id}`);
    const statuses = () => deliveries.body.data.map(({ status }: { status: string }) => status);
    assert.deepEqual(statuses(), ["delivered", "delivered"]);
  });

  test("keeps its connection and its secret when n8n starts again", async () => {
    const [{ id, updated_at }] = await listConnections();
    await n8n.restart();
    const sent = await instance.api.post("/api/events", { type: "order.restarted", data: {} });
    await until(async () => (await itemsOf(workflow, "OpenSend Trigger"))[0].id === sent.body.data.id);
    const [connection, ...others] = await listConnections();
    assert.deepEqual(others, []);
    assert.deepEqual([connection.id, connection.updated_at], [id, updated_at]);
  });

  test("removes the connection when the workflow is deactivated", async () => {
    await n8n.call("POST", `/workflows/${workflow}/deactivate`, {});
    await until(async () => (await listConnections()).length === 0);
  });
});

describe("the node", { timeout: TEST_TIMEOUT_MS }, () => {
  /** Runs a workflow that responds with the result of one operation. */
  const run = async (access: string, parameters: Record<string, unknown>, body: unknown = {}) => {
    const path = Math.random().toString(36).slice(2);
    const webhook = {
      id: "webhook",
      name: "Webhook",
      type: "n8n-nodes-base.webhook",
      typeVersion: 2,
      position: [0, 0],
      webhookId: path,
      parameters: { path, httpMethod: "POST", responseMode: "lastNode", responseData: "allEntries" },
    };
    const node = use(await openSendCredential(access), {
      id: "opensend",
      name: "OpenSend",
      type: "n8n-nodes-opensend.openSend",
      typeVersion: 1,
      position: [200, 0],
      parameters,
    });
    const connections = { Webhook: { main: [[{ node: "OpenSend", type: "main", index: 0 }]] } };
    await activate({ name: path, nodes: [webhook, node], connections, settings: {} });
    const response = await fetch(`${n8n.url}/webhook/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    // biome-ignore lint/suspicious/noExplicitAny: items of every shape; tests assert what they find.
    return { status: response.status, items: (await response.json()) as any };
  };

  test("sends an event", async () => {
    const send = { resource: "event", operation: "send", eventType: "order.sent", data: "={{ $json.body }}" };
    const { items } = await run("sending_access", send, { order_id: 7, nested: { a: [1] } });
    const stored = await instance.api.get(`/api/events/${items[0].id}`);
    assert.deepEqual(stored.body.data.data, { order_id: 7, nested: { a: [1] } });
  });

  test("reads events", async () => {
    const list = { resource: "event", operation: "getAll", limit: 1, filters: { type: "order.sent" } };
    const { items } = await run("full_access", list);
    assert.equal(items.length, 1);
    const { items: got } = await run("full_access", {
      resource: "event",
      operation: "get",
      eventId: items[0].id,
    });
    assert.equal(got[0].type, "order.sent");
  });

  test("fails when OpenSend refuses the call", async () => {
    const send = { resource: "event", operation: "send", eventType: "no type", data: "{}" };
    assert.equal((await run("sending_access", send)).status, 500);
  });
});

type Failure = Error & { readonly stdout: string };

async function inPackage(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd: PACKAGE_DIR }).catch(
    (error: Failure) => {
      throw new Error(`${error.message}\n${error.stdout}`);
    },
  );
  return stdout;
}

/** The package as npm would publish it. */
async function pack(): Promise<string> {
  const name = await inPackage("npm", "pack", "--silent", "--pack-destination", folder);
  await inPackage("tar", "-xzf", join(folder, name.trim()), "-C", folder);
  const packed = join(folder, "package");
  assert.ok(existsSync(join(packed, "dist", "icons", "opensend.svg")));
  return packed;
}

async function makeKey(access: string): Promise<string> {
  return (await instance.owner.post("/api/api-keys", { name: "n8n", access })).body.key;
}

async function makeCredential(type: string, data: Record<string, string>): Promise<Credential> {
  const { id } = await n8n.call("POST", "/credentials", { name: type, type, data });
  return { id, name: type, type };
}

async function openSendCredential(access: string): Promise<Credential> {
  return makeCredential("openSendApi", { serverUrl: instance.server.url, apiKey: await makeKey(access) });
}

function use({ id, name, type }: Credential, node: Node): Node {
  return { ...node, credentials: { [type]: { id, name } } };
}

/** Imports a workflow, activates it, and waits until n8n has registered its webhooks. */
async function activate(workflow: Record<string, unknown>): Promise<string> {
  const { id, versionId } = await n8n.call("POST", "/workflows", workflow);
  await n8n.call("POST", `/workflows/${id}/activate`, { versionId });
  await until(async () => {
    const { status, triggers } = await n8n.call("GET", `/workflows/${id}/publication-status`);
    const failed = triggers.find(
      ({ errorMessage }: { errorMessage: string | null }) => errorMessage !== null,
    );
    assert.equal(failed, undefined, JSON.stringify(failed));
    return status === "published";
  });
  return id;
}

async function executionsOf(workflow: string): Promise<{ id: string; status: string; mode: string }[]> {
  const filter = encodeURIComponent(JSON.stringify({ workflowId: workflow }));
  return (await n8n.call("GET", `/executions?filter=${filter}`)).results;
}

/** The output of a node in the latest execution, once that has succeeded. */
async function itemsOf(workflow: string, node: string) {
  let id = "";
  await until(async () => {
    // Read only once, because another execution may have begun by the next read.
    const [latest] = await executionsOf(workflow);
    id = latest?.id ?? "";
    return latest?.status === "success";
  }, "the workflow ran");
  const { data } = await n8n.call("GET", `/executions/${id}`);
  const { resultData } = unflatten(data);
  return resultData.runData[node][0].data.main[0].map(({ json }: { json: unknown }) => json);
}

/** Resolves the list of values that refer to each other by index, which is how n8n stores an execution. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of an execution depends on its nodes.
function unflatten(text: string): any {
  const values: unknown[] = JSON.parse(text);
  const resolve = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(follow);
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, follow(one)]));
  };
  // Only strings are references; other values are stored directly.
  const follow = (one: unknown): unknown => (typeof one === "string" ? resolve(values[Number(one)]) : one);
  return resolve(values[0]);
}

async function listConnections() {
  return (await instance.api.get("/api/integrations/connections")).body.data;
}
