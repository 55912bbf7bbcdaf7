import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { ApiClient, OWNER } from "../support/api-client.ts";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase } from "../support/databases.ts";
import { addUser, startInstance, type TestInstance } from "../support/instance.ts";

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  before(async () => {
    instance = await startInstance(makeDatabase);
  });
  after(() => instance.remove());

  const KEYS = [
    { access: "full_access", event_types: null, may: "connections:write", mayNot: "members:write" },
    { access: "sending_access", event_types: ["order.*"], may: "events:send", mayNot: "events:read" },
    { access: "connections", event_types: null, may: "connections:own", mayNot: "connections:read" },
  ] as const;

  for (const { access, event_types, may, mayNot } of KEYS) {
    it(`GET /api/me describes a key with ${access}`, async () => {
      const expires_at = "2099-01-01T00:00:00.000Z";
      const created = await instance.owner.post("/api/api-keys", {
        name: "CI",
        access,
        event_types,
        expires_at,
      });
      assert.equal(created.status, 201, created.text);
      const me = await new ApiClient(instance.server.url, { key: created.body.key }).get("/api/me");
      checkResponse("GET", "/api/me", me);
      assert.equal(me.status, 200, me.text);
      const { data } = me.body;
      const { id, name, prefix, last_four } = created.body.data;
      assert.deepEqual(data.key, { id, name, prefix, last_four, expires_at });
      assert.deepEqual([data.kind, data.access, data.role, data.user], ["api_key", access, null, null]);
      assert.deepEqual(data.event_types, event_types);
      assert.deepEqual([data.scopes.includes(may), data.scopes.includes(mayNot)], [true, false]);
      const session = (await instance.owner.get("/api/session")).body.data;
      assert.deepEqual(data.workspace, session.workspace);
      assert.ok(!me.text.includes(created.body.key));
    });
  }

  it("GET /api/me describes people of every role", async () => {
    const owner = (await instance.owner.get("/api/me")).body.data;
    assert.deepEqual([owner.kind, owner.role, owner.user.email], ["session", "owner", OWNER.email]);
    assert.ok(owner.scopes.includes("members:write"));
    const viewer = (await (await addUser(instance, "viewer")).get("/api/me")).body.data;
    assert.equal(viewer.role, "viewer");
    assert.ok(!viewer.scopes.some((scope: string) => scope.endsWith(":write") || scope === "events:send"));
  });

  it("GET /api/me requires credentials", async () => {
    const anonymousResponse = await new ApiClient(instance.server.url).get("/api/me");
    checkResponse("GET", "/api/me", anonymousResponse);
    assert.equal(anonymousResponse.status, 401);
  });
});
