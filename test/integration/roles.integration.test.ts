import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ApiClient } from "../support/api-client.ts";
import { checkHeaders } from "../support/check-response.ts";
import { forEachDatabase } from "../support/databases.ts";
import { addUser, startInstance, type TestInstance } from "../support/instance.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { until } from "../support/until.ts";

type Operation = { readonly method: string; readonly path: string; readonly isPublic: boolean };

const openapi = JSON.parse(readFileSync(join(import.meta.dirname, "../../openapi.json"), "utf8")) as {
  paths: Record<string, Record<string, { security: readonly object[] }>>;
};
/** Every call of the API, including calls added later. */
const OPERATIONS: readonly Operation[] = Object.entries(openapi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { security }]) => ({
    method: method.toUpperCase(),
    path,
    isPublic: security.length === 0,
  })),
);

const nameOf = ({ method, path }: Operation) => `${method} ${path}`;

const PUBLIC = [
  "GET /api/setup",
  "POST /api/setup",
  "POST /api/session",
  "POST /api/password-resets",
  "POST /api/password-resets/complete",
  "POST /api/invitations/lookup",
  "POST /api/invitations/accept",
  "GET /api/health",
  "GET /api/ready",
];
/** Changes that people make to their own account and sessions. */
const OWN = new Set([
  "DELETE /api/session",
  "DELETE /api/sessions",
  "DELETE /api/sessions/{id}",
  "PATCH /api/account",
  "POST /api/account/password",
  "POST /api/workspaces/{id}/switch",
  "POST /api/workspaces/{id}/leave",
]);
/** With a rate limit, so that responses have its headers. */
const LIMITED = { OPENSEND_RATE_LIMIT_PER_MINUTE: "10000" };
const SENDING = new Set(["POST /api/events", "POST /api/events/batch"]);
/** A read whose filter is in the body. */
const FIND = "POST /api/integrations/connections/find";
/** Allowed for every caller. */
const CALLER = "GET /api/me";
const EXTERNAL_ID = "of-the-first";

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  let receiver: TestReceiver;
  /** The id of an object of each kind, by the path up to the id. */
  const ids: Record<string, string> = {};

  before(async () => {
    [instance, receiver] = await Promise.all([startInstance(makeDatabase, LIMITED), startTestReceiver()]);
    const { api } = instance;
    const input = {
      webhook_url: `${receiver.url}/hook`,
      signing_secret: "a-signing-secret",
      external_id: EXTERNAL_ID,
    };
    const connection = (await api.post("/api/integrations/webhook", input)).body.data.id;
    const event = (await api.post("/api/events", { type: "order.paid", data: {} })).body.data.id;
    const deliveries = async () => (await api.get("/api/deliveries?status=delivered")).body.data;
    await until(async () => (await deliveries()).length === 1);
    ids["/api/integrations/connections"] = connection;
    ids["/api/events"] = event;
    ids["/api/deliveries"] = (await deliveries())[0].id;
    receiver.respond = (response, { path }) => void response.writeHead(path === "/broken" ? 500 : 200).end();
    await api.post("/api/integrations/webhook", { webhook_url: `${receiver.url}/broken` });
    await api.post("/api/events", { type: "order.paid", data: {} });
    await until(async () => (await api.get("/api/issues")).body.data.length === 1);
    ids["/api/issues"] = (await api.get("/api/issues")).body.data[0].id;
    ids["/api/deliveries/replays"] = (await api.post("/api/deliveries/replay", { filter: {} })).body.data.id;
    ids["/api/api-keys"] = (await api.get("/api/api-keys")).body.data[0].id;
    ids["/api/sessions"] = (await instance.owner.get("/api/sessions")).body.data[0].id;
    ids["/api/lookup"] = connection;
    const inspector = (await api.post("/api/integrations/inspector")).body.data.id;
    await api.post(`/api/integrations/connections/${inspector}/test`);
    const inspected = async () => (await api.get("/api/inspector/requests")).body.data;
    await until(async () => (await inspected()).length > 0);
    ids["/api/inspector/requests"] = (await inspected())[0].id;
    ids["/api/members"] = (await instance.owner.get("/api/members")).body.data[0].id;
    const alert = { name: "n", condition: "backlog", notify_connection_id: connection };
    ids["/api/alerts"] = (await api.post("/api/alerts", alert)).body.data.id;
    const invited = { email: "guest@example.com", role: "viewer" };
    ids["/api/invitations"] = (await instance.owner.post("/api/invitations", invited)).body.data.id;
    ids["/api/workspaces"] = (await instance.owner.get("/api/workspaces")).body.data[0].id;
  });
  after(async () => {
    await Promise.all([instance.remove(), receiver.close()]);
  });

  const pathOf = ({ path }: Operation) =>
    path.replace("{external_id}", EXTERNAL_ID).replace(/^(.*)\/\{id\}/, (_whole, before: string) => {
      const id = ids[before];
      assert.ok(id, `there is an object for ${path}`);
      return `${before}/${id}`;
    });

  const bodyOf = (operation: Operation) =>
    JSON.stringify(nameOf(operation) === FIND ? { webhook_url: `${receiver.url}/hook` } : {});

  /** Status and error code, without waiting for a response that does not end. */
  const call = async (client: ApiClient, operation: Operation) => {
    const response = await fetch(`${client.url}${pathOf(operation)}`, {
      method: operation.method,
      redirect: "manual",
      headers: {
        ...(client.key === null ? {} : { authorization: `Bearer ${client.key}` }),
        ...(client.cookie === null ? {} : { cookie: client.cookie, origin: client.url }),
        ...(["POST", "PATCH", "PUT"].includes(operation.method)
          ? { "content-type": "application/json" }
          : {}),
      },
      ...(["POST", "PATCH", "PUT"].includes(operation.method) ? { body: bodyOf(operation) } : {}),
    });
    checkHeaders(operation.method, operation.path, response);
    const isProblem = response.headers.get("content-type")?.includes("problem") === true;
    const code = isProblem ? ((await response.json()) as { code: string }).code : null;
    if (!isProblem) await response.body?.cancel();
    return `${response.status}${code === null ? "" : ` ${code}`}`;
  };

  const responsesOf = async (client: ApiClient, operations: readonly Operation[]) => {
    const responses: Record<string, string> = {};
    for (const operation of operations) responses[nameOf(operation)] = await call(client, operation);
    return responses;
  };
  const expected = (operations: readonly Operation[], response: string) =>
    Object.fromEntries(operations.map((operation) => [nameOf(operation), response]));

  describe("every call of the API", () => {
    it("requires credentials, except public ones", async () => {
      assert.deepEqual(OPERATIONS.filter(({ isPublic }) => isPublic).map(nameOf), PUBLIC);
      const closed = OPERATIONS.filter(({ isPublic }) => !isPublic);
      const anonymous = new ApiClient(instance.server.url);
      assert.deepEqual(await responsesOf(anonymous, closed), expected(closed, "401 unauthenticated"));
    });

    it("that changes something is refused for a viewer, who can make all calls that read", async () => {
      const viewer = await addUser(instance, "viewer");
      const closed = OPERATIONS.filter((one) => !one.isPublic && !OWN.has(nameOf(one)));
      const isRead = (one: Operation) => one.method === "GET" || nameOf(one) === FIND;
      const reads = closed.filter(isRead);
      const changes = closed.filter((one) => !isRead(one));
      assert.ok(reads.length > 10 && changes.length > 10);
      assert.deepEqual(await responsesOf(viewer, changes), expected(changes, "403 forbidden"));
      assert.deepEqual(await responsesOf(viewer, reads), expected(reads, "200"));
    });

    it("except sending events is refused for a sending key", async () => {
      const input = { name: "Sender", access: "sending_access" };
      const { key } = (await instance.owner.post("/api/api-keys", input)).body;
      const sender = new ApiClient(instance.server.url, { key });
      const others = OPERATIONS.filter((one) => !one.isPublic && !SENDING.has(nameOf(one)));
      const responses = await responsesOf(sender, others);
      const passed = Object.entries(responses).filter(([, response]) => !/^40[13] /.test(response));
      assert.deepEqual(passed, [[CALLER, "200"]]);
    });
  });
});
