import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ApiClient, OWNER } from "../support/api-client.ts";
import { forEachDatabase } from "../support/databases.ts";
import { addUser, keyOfAnotherWorkspace, startInstance, type TestInstance } from "../support/instance.ts";

const PATH = "/api/workspace";

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  before(async () => {
    instance = await startInstance(makeDatabase, {
      OPENSEND_PAYLOAD_RETENTION_DAYS: "20",
      OPENSEND_STATUS_RETENTION_DAYS: "60",
    });
  });
  after(() => instance.remove());

  const sessionRetention = async () => (await instance.owner.get("/api/session")).body.data.retention;
  const changes = async () => {
    const { data } = (await instance.api.get("/api/audit-log?action=workspace.updated")).body;
    return data.map((entry: { metadata: unknown }) => entry.metadata);
  };

  describe("the workspace", () => {
    it("is shown with its own retention days and the instance's", async () => {
      const response = await instance.api.get(PATH);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("etag"), '"1"');
      const { id, created_at, ...rest } = response.body.data;
      assert.equal(response.body.object, "workspace");
      assert.equal(id, (await instance.owner.get("/api/session")).body.data.workspace.id);
      assert.ok(Math.abs(Date.parse(created_at) - Date.now()) < 600_000);
      assert.deepEqual(rest, {
        name: "Workspace",
        retention: { payload_days: null, status_days: null },
        retention_limits: { payload_days: 20, status_days: 60 },
      });
      assert.deepEqual(await sessionRetention(), { payload_days: 20, status_days: 60 });
    });

    it("accepts a name, and shorter days one by one, and the audit log says what changed", async () => {
      const { owner } = instance;
      const named = await owner.patch(PATH, { name: "  Acme  " });
      assert.equal(named.status, 200, named.text);
      assert.equal(named.body.data.name, "Acme");
      assert.equal((await owner.get("/api/session")).body.data.workspace.name, "Acme");
      await owner.patch(PATH, { retention: { payload_days: 5 } });
      const kept = await owner.patch(PATH, { retention: { status_days: 10 } });
      assert.deepEqual(kept.body.data.retention, { payload_days: 5, status_days: 10 });
      assert.deepEqual(await sessionRetention(), { payload_days: 5, status_days: 10 });
      const before = kept.headers.get("etag");
      const same = await owner.patch(PATH, { name: "Acme", retention: { status_days: 10 } });
      assert.equal(same.headers.get("etag"), before, "nothing changed");
      assert.deepEqual(await changes(), [
        { name: "Acme", changed: ["status_retention"], payload_days: 5, status_days: 10 },
        { name: "Acme", changed: ["payload_retention"], payload_days: 5, status_days: 60 },
        { name: "Acme", changed: ["name"], payload_days: 20, status_days: 60 },
      ]);
      await owner.patch(PATH, { retention: { payload_days: null, status_days: null } });
      assert.deepEqual(await sessionRetention(), { payload_days: 20, status_days: 60 });
    });

    for (const [what, retention, path] of [
      ["more payload days than the instance's", { payload_days: 21 }, "retention.payload_days"],
      ["more status days than the instance's", { status_days: 61 }, "retention.status_days"],
      ["unlimited days if the instance limits them", { status_days: 0 }, "retention.status_days"],
      ["fewer status days than payload days", { status_days: 19 }, "retention.status_days"],
      ["negative days", { payload_days: -1 }, "retention.payload_days"],
      ["fractions of days", { payload_days: 1.5 }, "retention.payload_days"],
      ["an empty retention", {}, "retention"],
    ] as const) {
      it(`refuses ${what}, and changes nothing`, async () => {
        const before = (await instance.api.get(PATH)).body;
        const response = await instance.owner.patch(PATH, { name: "Never", retention });
        assert.equal(response.status, 422, response.text);
        assert.equal(response.body.code, "validation_failed");
        assert.equal(response.body.errors[0].path, path);
        assert.deepEqual((await instance.api.get(PATH)).body, before);
      });
    }

    for (const [what, body] of [
      ["an empty name", { name: " " }],
      ["a name of 101 characters", { name: "x".repeat(101) }],
      ["control characters", { name: "a\u0000b" }],
      ["unknown fields", { slug: "x" }],
      ["an empty change", {}],
    ] as const) {
      it(`refuses ${what}`, async () => {
        assert.equal((await instance.owner.patch(PATH, body)).status, 422);
      });
    }

    it("accepts one of several concurrent changes of the same version", async () => {
      const { owner } = instance;
      const etag = (await owner.get(PATH)).headers.get("etag") ?? "";
      const saves = await Promise.all(
        ["One", "Two", "Three"].map((name) => owner.patch(PATH, { name }, { "if-match": etag })),
      );
      assert.deepEqual(saves.map(({ status }) => status).toSorted(), [200, 412, 412]);
      const saved = saves.find(({ status }) => status === 200);
      assert.equal((await owner.get(PATH)).body.data.name, saved?.body.data.name);
      const refused = saves.find(({ status }) => status === 412);
      assert.equal(refused?.body.code, "version_conflict");
    });

    it("loses nothing when two parts are changed concurrently without a version", async () => {
      const { owner } = instance;
      await Promise.all([
        owner.patch(PATH, { name: "Both" }),
        owner.patch(PATH, { retention: { payload_days: 3 } }),
      ]);
      const { name, retention } = (await owner.get(PATH)).body.data;
      assert.deepEqual([name, retention.payload_days], ["Both", 3]);
    });

    it("can be changed by an admin, but not by a viewer or a key", async () => {
      const [admin, viewer] = [await addUser(instance, "admin"), await addUser(instance, "viewer")];
      assert.equal((await admin.patch(PATH, { name: "By admin" })).status, 200);
      assert.equal((await viewer.get(PATH)).status, 200);
      for (const client of [viewer, instance.api]) {
        const refused = await client.patch(PATH, { name: "Mine" });
        assert.equal(refused.status, 403);
        assert.equal(refused.body.code, "forbidden");
      }
      const foreign = await instance.owner.patch(PATH, { name: "Mine" }, { origin: "https://evil.example" });
      assert.equal(foreign.body.code, "cross_origin");
      assert.equal((await instance.api.get(PATH)).body.data.name, "By admin");
    });

    it("is always the caller's", async () => {
      const other = await keyOfAnotherWorkspace(instance);
      const { data } = (await other.get(PATH)).body;
      assert.equal(data.name, "Other");
      assert.notEqual(data.id, (await instance.api.get(PATH)).body.data.id);
    });

    it("shows the days in effect at sign-in too", async () => {
      await instance.owner.patch(PATH, { retention: { payload_days: 2, status_days: 4 } });
      const client = new ApiClient(instance.server.url);
      const { email, password } = OWNER;
      const response = await client.post("/api/session", { email, password });
      assert.deepEqual(response.body.data.retention, { payload_days: 2, status_days: 4 });
    });
  });
});
