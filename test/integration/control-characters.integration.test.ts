import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { newId } from "../../src/db/new-id.ts";
import { ApiClient, type ApiResponse, OWNER } from "../support/api-client.ts";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";

/** SQLite stores a NUL and PostgreSQL fails on it, so every text must be checked before it reaches a query. */
const NUL = "a\0b";
const HOOK = "https://hooks.zapier.com/hooks/catch/123/abc";

type Parameter = { readonly name: string; readonly in: string };
type BodySchema = { readonly $ref?: string; readonly properties?: Readonly<Record<string, unknown>> };
type Operation = {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content: { readonly "application/json"?: { readonly schema: BodySchema } };
  };
};
const { paths, components } = JSON.parse(
  readFileSync(join(import.meta.dirname, "..", "..", "openapi.json"), "utf8"),
) as {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Readonly<Record<string, BodySchema>> };
};

/** All query or path parameters of all calls that read. */
function parametersIn(place: "query" | "path") {
  return Object.entries(paths).flatMap(([path, { get }]) =>
    (get?.parameters ?? []).filter((one) => one.in === place).map(({ name }) => ({ path, name })),
  );
}

/** Texts in bodies, with the call's other required fields, and the error code. */
const BODIES: readonly (readonly [method: string, path: string, body: unknown, code: string])[] = [
  ["POST", "/api/integrations/webhook", { webhook_url: HOOK, name: NUL }, "validation_failed"],
  ["POST", "/api/integrations/webhook", { webhook_url: HOOK, description: NUL }, "validation_failed"],
  ["POST", "/api/integrations/webhook", { webhook_url: HOOK, event_types: [NUL] }, "validation_failed"],
  ["POST", "/api/integrations/webhook", { webhook_url: `${HOOK}\0` }, "unsafe_url"],
  ["POST", "/api/deliveries/replay", { filter: { event_type: NUL } }, "validation_failed"],
  ["POST", "/api/deliveries/replay", { filter: { event_type: NUL }, dry_run: true }, "validation_failed"],
  ["POST", "/api/events", { type: NUL, data: {} }, "validation_failed"],
  ["POST", "/api/events", { type: "a.b", data: {}, id: NUL }, "validation_failed"],
  ["POST", "/api/events", { type: "a.b", data: {}, created_at: NUL }, "validation_failed"],
  ["POST", "/api/api-keys", { name: NUL, access: "full_access" }, "validation_failed"],
  ["POST", "/api/workspaces", { name: NUL }, "validation_failed"],
  ["PATCH", "/api/workspace", { name: NUL }, "validation_failed"],
  ["PATCH", "/api/account", { name: NUL }, "validation_failed"],
  ["POST", "/api/invitations", { email: `${NUL}@example.com`, role: "viewer" }, "validation_failed"],
  ["POST", "/api/invitations/lookup", { token: NUL }, "invitation_invalid"],
  ["POST", "/api/invitations/accept", { token: NUL, name: "A", password: "" }, "validation_failed"],
  [
    "POST",
    "/api/invitations/accept",
    { token: NUL, name: "A", password: OWNER.password },
    "invitation_invalid",
  ],
  ["POST", "/api/setup", { token: NUL, email: "b@example.com", password: OWNER.password }, "setup_closed"],
  ["POST", "/api/session", { email: `${NUL}@example.com`, password: OWNER.password }, "invalid_sign_in"],
  ["POST", "/api/session", { email: OWNER.email, password: NUL }, "invalid_sign_in"],
];

/** Every call that takes a name or a description, with its other required fields. */
const NAMED: readonly (readonly [method: string, path: string, field: string, rest: object])[] = [
  ["POST", "/api/integrations/webhook", "name", { webhook_url: HOOK }],
  ["POST", "/api/integrations/webhook", "description", { webhook_url: HOOK }],
  ["PATCH", "/api/integrations/connections/{id}", "name", {}],
  ["PATCH", "/api/integrations/connections/{id}", "description", {}],
  ["PUT", "/api/integrations/connections/by-external-id/{external_id}", "name", { webhook_url: HOOK }],
  ["PUT", "/api/integrations/connections/by-external-id/{external_id}", "description", { webhook_url: HOOK }],
  [
    "POST",
    "/api/integrations/connections/by-external-id/{external_id}/preview",
    "name",
    { webhook_url: HOOK },
  ],
  [
    "POST",
    "/api/integrations/connections/by-external-id/{external_id}/preview",
    "description",
    { webhook_url: HOOK },
  ],
  ["POST", "/api/alerts", "name", { condition: "connection_paused", threshold: null, member_ids: [] }],
  ["PATCH", "/api/alerts/{id}", "name", {}],
  ["POST", "/api/api-keys", "name", { access: "full_access" }],
  ["POST", "/api/workspaces", "name", {}],
  ["PATCH", "/api/workspace", "name", {}],
  ["PATCH", "/api/account", "name", {}],
  ["POST", "/api/invitations/accept", "name", { token: "t", password: OWNER.password }],
  ["POST", "/api/setup", "name", { token: "t", email: "b@example.com", password: OWNER.password }],
];

/** Texts that are invisible, and texts that reverse those next to them. */
const MISLEADING = [
  "\u200b",
  "\u00ad\u2060",
  "\u3164",
  "\u2800",
  "\u0308",
  "a\u202eb",
  "\u2067a",
  "a\u2028b",
];

/** Every body field for a name or a description in openapi.json. */
function namedInDescription(): string[] {
  const resolve = (schema: BodySchema | undefined): BodySchema | undefined =>
    schema?.$ref === undefined ? schema : components.schemas[schema.$ref.replace(/^.*\//, "")];
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { requestBody }]) => {
      const { properties = {} } = resolve(requestBody?.content["application/json"]?.schema) ?? {};
      const fields = Object.keys(properties).filter((field) => ["name", "description"].includes(field));
      return fields.map((field) => `${method.toUpperCase()} ${path} ${field}`);
    }),
  );
}

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  before(async () => {
    instance = await startInstance(makeDatabase);
  });
  after(() => instance.remove());

  const refused = (response: ApiResponse, what: string) =>
    assert.ok(
      response.status >= 400 && response.status < 500,
      `${what}: ${response.status} ${response.text}`,
    );

  it("refuses a control character in every parameter of every call that reads", async () => {
    for (const { path, name } of parametersIn("query")) {
      // An unknown id is not an error: the stream begins with a reset.
      if (name === "last_event_id") continue;
      for (const text of ["%00", "a%00b", "a%1b"]) {
        const response = await instance.owner.get(`${path.replace(/\{.*?\}/, newId())}?${name}=${text}`);
        refused(response, `${path}?${name}=${text}`);
        checkResponse("GET", path, response);
      }
    }
    for (const { path, name } of parametersIn("path")) {
      refused(await instance.owner.get(path.replace(`{${name}}`, "a%00b")), path);
    }
  });

  it("says which field of a filter is wrong", async () => {
    for (const [path, name] of [
      ["/api/deliveries", "event_type"],
      ["/api/events", "type"],
      ["/api/integrations/connections", "provider"],
      ["/api/integrations/connections", "q"],
    ]) {
      const { status, body } = await instance.api.get(`${path}?${name}=%00`);
      assert.equal(status, 422);
      assert.deepEqual(
        body.errors.map((error: { path: string }) => error.path),
        [name],
      );
    }
  });

  it("refuses a control character in every text of a body", async () => {
    for (const [method, path, body, code] of BODIES) {
      const response = await instance.owner.send(method, path, body);
      refused(response, `${method} ${path} ${JSON.stringify(body)}`);
      assert.equal(response.body.code, code, response.text);
      checkResponse(method, path, response);
    }
  });

  it("refuses an invisible or text-reversing name in every call that takes one", async () => {
    const named = NAMED.map(([method, path, field]) => `${method} ${path} ${field}`);
    assert.deepEqual(named.toSorted(), namedInDescription().toSorted());
    const created = await instance.api.post("/api/integrations/webhook", { webhook_url: HOOK });
    for (const [method, path, field, rest] of NAMED) {
      for (const text of MISLEADING) {
        const to = path.replace("{id}", created.body.data.id).replace("{external_id}", "customer-42");
        const response = await instance.owner.send(method, to, { ...rest, [field]: text });
        assert.equal(response.body.code, "validation_failed", `${method} ${path} ${response.text}`);
        assert.equal(response.body.errors[0].path, field);
        checkResponse(method, path, response);
      }
    }
  });

  it("treats a cookie, a cursor or a bearer key with a control character as invalid", async () => {
    const anonymous = new ApiClient(instance.server.url);
    const cookie = `${instance.owner.cookie?.split("=")[0]}=%00.%00`;
    assert.equal((await anonymous.get("/api/session", { cookie })).body.code, "unauthenticated");
    const authorization = "Bearer os_\u0001";
    assert.ok(
      (await anonymous.get("/api/events", { authorization }).catch(() => ({ status: 400 }))).status < 500,
    );
    const cursor = Buffer.from(JSON.stringify(["events", 1, "\0"])).toString("base64url");
    assert.equal((await instance.api.get(`/api/events?cursor=${cursor}`)).body.code, "invalid_cursor");
  });

  it("records a failed sign-in with a control character as that of an unknown account", async () => {
    const anonymous = new ApiClient(instance.server.url);
    const response = await anonymous.post("/api/session", { email: "a\0@example.com", password: "whatever" });
    assert.deepEqual([response.status, response.body.code], [401, "invalid_sign_in"]);
    const log = await instance.owner.get("/api/audit-log?action=session.failed&limit=1");
    assert.equal(log.body.data[0].metadata.accounts.includes("Unknown account"), true);
  });
});
