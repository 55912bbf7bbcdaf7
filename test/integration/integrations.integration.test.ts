import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { isUuid } from "../../src/domain/id.ts";
import type { ApiClient } from "../support/api-client.ts";
import { forEachDatabase } from "../support/databases.ts";
import { keyOfAnotherWorkspace, startInstance, type TestInstance } from "../support/instance.ts";

const ZAPIER = "https://hooks.zapier.com/hooks/catch/123/abc";
const ISO_MILLISECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const UNKNOWN_ID = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11";

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  let api: ApiClient;
  before(async () => {
    instance = await startInstance(makeDatabase);
    api = instance.api;
  });
  after(() => instance.remove());

  const connect = async (body: Record<string, unknown> = {}) => {
    const response = await api.post("/api/integrations/webhook", {
      name: "Zapier catch hook",
      webhook_url: ZAPIER,
      ...body,
    });
    assert.equal(response.status, 201, response.text);
    return response.body.data;
  };

  describe("the published examples", () => {
    it("lists the shipped catalog, uninstalled at first, with no connection", async () => {
      const response = await api.get("/api/integrations");
      assert.equal(response.status, 200);
      assert.equal(response.body.object, "integration_catalog");
      assert.equal(response.body.data.length, 1);
      const [{ description, ...entry }] = response.body.data;
      assert.ok(description.length > 20);
      assert.deepEqual(entry, {
        provider: "webhook",
        name: "Webhook / Zapier",
        status: "uninstalled",
        connection: null,
        connections_count: 0,
        connection_counts: { failing: 0, held: 0, paused: 0, ok: 0, idle: 0, disconnected: 0 },
      });
      const none = await api.get("/api/integrations/webhook");
      assert.deepEqual(none.body, { object: "integration_connection", data: null });
    });

    it("accepts the published create request, and responds without URL or secret", async () => {
      const response = await api.post("/api/integrations/webhook", {
        name: "Zapier catch hook",
        webhook_url: ZAPIER,
        signing_secret: "optional-shared-secret",
      });
      assert.equal(response.status, 201);
      assert.equal(response.body.object, "integration_connection");
      const { id, config, created_at, updated_at, last_sync_at, created_by_key_id, ...rest } =
        response.body.data;
      assert.ok(isUuid(id) && isUuid(created_by_key_id));
      for (const time of [created_at, updated_at, last_sync_at]) assert.match(time, ISO_MILLISECONDS);
      const { endpoint_fingerprint, ...webhook } = config.webhook;
      assert.match(endpoint_fingerprint, /^[0-9a-f]{6}$/);
      assert.deepEqual(webhook, {
        endpoint_host: "hooks.zapier.com",
        endpoint_preview: "https://hooks.zapier.com/hooks/…",
        receiver: "zapier",
        has_signing_secret: true,
        previous_secret_expires_at: null,
        header_names: [],
      });
      assert.deepEqual(rest, {
        provider: "webhook",
        name: "Zapier catch hook",
        description: null,
        external_id: null,
        metadata: {},
        status: "connected",
        state: "ok",
        state_since: null,
        paused_reason: null,
        paused_by: null,
        pending_count: 0,
        next_attempt_at: null,
        scopes: ["integration:webhook:test_event", "integration:webhook:deliver_events"],
        event_types: ["*"],
        ordered: false,
        concurrency: 10,
        rate_limit_per_minute: null,
        timeout_seconds: 15,
        health: "unknown",
        last_health_check_at: null,
        last_event_at: null,
        last_error: null,
      });
      assert.doesNotMatch(response.text, /catch\/123|optional-shared-secret/);
    });

    it("shows the catalog entry as installed once connected, with the newest connection", async () => {
      const newest = await connect({ name: "Newest" });
      const catalog = await api.get("/api/integrations");
      const [entry] = catalog.body.data;
      assert.equal(entry.status, "installed");
      assert.equal(entry.connection.id, newest.id);
      assert.ok(entry.connections_count >= 1);
      const shown = await api.get("/api/integrations/webhook");
      assert.equal(shown.body.data.id, newest.id);
    });

    it("accepts a dashboard session and a full-access key", async () => {
      for (const client of [instance.owner, api]) {
        assert.equal((await client.get("/api/integrations")).status, 200);
        const created = await client.post("/api/integrations/webhook", { webhook_url: ZAPIER });
        assert.equal(created.status, 201);
        assert.equal(created.body.data.name, "Webhook connector");
        const path = `/api/integrations/connections/${created.body.data.id}`;
        assert.equal((await client.patch(path, { name: "Renamed" })).body.data.name, "Renamed");
        assert.equal((await client.delete(path)).body.data.status, "disconnected");
      }
    });
  });

  describe("update", () => {
    it("changes only the given fields", async () => {
      const created = await connect({ signing_secret: "keep-this-secret", event_types: ["order.*"] });
      const path = `/api/integrations/connections/${created.id}`;
      const renamed = await api.patch(path, { name: "  Other name  ", description: "For orders" });
      assert.equal(renamed.status, 200);
      assert.equal(renamed.body.data.name, "Other name");
      assert.equal(renamed.body.data.description, "For orders");
      assert.deepEqual(renamed.body.data.event_types, ["order.*"]);
      assert.deepEqual(renamed.body.data.config, created.config);
      const moved = await api.patch(path, { webhook_url: "https://hook.eu2.make.com/sometoken123" });
      assert.equal(moved.body.data.config.webhook.endpoint_preview, "https://hook.eu2.make.com/…");
      assert.equal(moved.body.data.config.webhook.receiver, "make");
      assert.equal(moved.body.data.config.webhook.has_signing_secret, true, "the secret stays");
      assert.notEqual(
        moved.body.data.config.webhook.endpoint_fingerprint,
        created.config.webhook.endpoint_fingerprint,
      );
      const bare = await api.patch(path, { signing_secret: null });
      assert.equal(bare.body.data.config.webhook.has_signing_secret, false);
    });

    it("gives equal fingerprints to equal URLs and different ones to different URLs", async () => {
      const [one, same, other] = [
        await connect(),
        await connect(),
        await connect({ webhook_url: `${ZAPIER}d` }),
      ];
      const fingerprint = (of: typeof one) => of.config.webhook.endpoint_fingerprint;
      assert.equal(fingerprint(one), fingerprint(same));
      assert.notEqual(fingerprint(one), fingerprint(other));
    });

    it("refuses an empty patch, a stale If-Match and an unknown id", async () => {
      const created = await connect();
      const path = `/api/integrations/connections/${created.id}`;
      const empty = await api.patch(path, {});
      assert.equal(empty.status, 422);
      const read = await api.get(path);
      const tag = read.headers.get("etag") ?? "";
      assert.match(tag, /^"\d+"$/);
      assert.equal((await api.patch(path, { name: "First" }, { "if-match": tag })).status, 200);
      const stale = await api.patch(path, { name: "Second" }, { "if-match": tag });
      assert.equal(stale.status, 412);
      assert.equal(stale.body.code, "version_conflict");
      assert.equal((await api.get(path)).body.data.name, "First");
      assert.equal(
        (await api.patch(`/api/integrations/connections/${UNKNOWN_ID}`, { name: "x" })).status,
        404,
      );
    });

    it("loses no field of concurrent patches, and never revives credentials that a delete destroyed", async () => {
      const created = await connect();
      const path = `/api/integrations/connections/${created.id}`;
      await Promise.all([
        ...Array.from({ length: 5 }, (_, index) => api.patch(path, { name: `Name ${index}` })),
        ...Array.from({ length: 5 }, (_, index) => api.patch(path, { description: `Text ${index}` })),
      ]);
      const merged = (await api.get(path)).body.data;
      assert.match(merged.name, /^Name \d$/);
      assert.match(merged.description, /^Text \d$/);
      const responses = await Promise.all([
        api.delete(path),
        api.patch(path, { signing_secret: "late-secret" }),
      ]);
      const [deleted, patched] = responses;
      assert.equal(deleted?.status, 200);
      assert.ok([200, 409].includes(patched?.status ?? 0));
      const end = (await api.get(path)).body.data;
      assert.equal(end.status, "disconnected");
      assert.equal(end.config.webhook.has_signing_secret, false);
    });
  });

  describe("pause, resume, disconnect", () => {
    it("pause manually, resume, and change nothing when repeated", async () => {
      const created = await connect();
      const path = `/api/integrations/connections/${created.id}`;
      const paused = await api.post(`${path}/pause`);
      assert.equal(paused.body.data.status, "paused");
      assert.equal(paused.body.data.paused_reason, "manual");
      const again = await api.post(`${path}/pause`);
      assert.equal(again.status, 200);
      assert.equal(again.body.data.updated_at, paused.body.data.updated_at);
      const resumed = await api.post(`${path}/resume`);
      assert.equal(resumed.body.data.status, "connected");
      assert.equal(resumed.body.data.paused_reason, null);
    });

    it("destroy the credentials on disconnect, idempotently, and connect again with a new URL", async () => {
      const created = await connect({ signing_secret: "a-secret-to-destroy" });
      const path = `/api/integrations/connections/${created.id}`;
      const gone = await api.delete(path);
      assert.equal(gone.status, 200);
      assert.equal(gone.body.data.status, "disconnected");
      assert.equal(gone.body.data.config.webhook.has_signing_secret, false);
      assert.equal(await sealedCredentials(created.id), null);
      const again = await api.delete(path);
      assert.equal(again.status, 200);
      assert.deepEqual(again.body, gone.body);
      for (const verb of ["test", "pause", "resume"]) {
        const refused = await api.post(`${path}/${verb}`);
        assert.equal(refused.status, 409);
        assert.equal(refused.body.code, "not_connected");
      }
      assert.equal((await api.patch(path, { signing_secret: "x" })).body.code, "not_connected");
      const back = await api.patch(path, { webhook_url: ZAPIER });
      assert.equal(back.body.data.status, "connected");
      assert.equal(back.body.data.config.webhook.has_signing_secret, false);
    });
  });

  describe("list", () => {
    it("pages newest first by cursor, filters by status and refuses cursors of other lists", async () => {
      const created: string[] = [];
      for (let index = 0; index < 5; index++) created.push((await connect({ name: `Page ${index}` })).id);
      await api.post(`/api/integrations/connections/${created[0]}/pause`);
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<ApiClient["get"]>> = await api.get(
          `/api/integrations/connections?limit=2${cursor === null ? "" : `&cursor=${cursor}`}`,
        );
        assert.equal(page.body.object, "list");
        assert.equal(page.body.has_more, page.body.next_cursor !== null);
        seen.push(...page.body.data.map((one: { id: string }) => one.id));
        cursor = page.body.next_cursor;
      } while (cursor !== null);
      assert.deepEqual(seen.slice(0, 5), [...created].reverse());
      assert.equal(new Set(seen).size, seen.length);
      const paused = await api.get("/api/integrations/connections?status=paused&provider=webhook");
      assert.deepEqual(
        paused.body.data.map((one: { id: string }) => one.id),
        [created[0]],
      );
      const keys = await instance.owner.get("/api/audit-log?limit=1");
      const foreign = await api.get(`/api/integrations/connections?cursor=${keys.body.next_cursor}`);
      assert.equal(foreign.status, 400);
      assert.equal(foreign.body.code, "invalid_cursor");
    });
  });

  describe("workspaces", () => {
    it("cannot see or change connections of each other", async () => {
      const created = await connect({ name: "Private" });
      const outsider = await keyOfAnotherWorkspace(instance);
      const path = `/api/integrations/connections/${created.id}`;
      for (const response of [
        await outsider.get(path),
        await outsider.patch(path, { name: "Taken" }),
        await outsider.delete(path),
        await outsider.post(`${path}/test`),
        await outsider.post(`${path}/pause`),
        await outsider.post(`${path}/resume`),
      ]) {
        assert.equal(response.status, 404, response.text);
        assert.equal(response.body.code, "not_found");
      }
      const list = await outsider.get("/api/integrations/connections");
      assert.deepEqual(list.body.data, []);
      assert.equal((await outsider.get("/api/integrations")).body.data[0].status, "uninstalled");
      assert.deepEqual((await outsider.get("/api/api-keys")).body.data.length, 1);
      assert.deepEqual((await outsider.get("/api/audit-log")).body.data, []);
      const unchanged = (await api.get(path)).body.data;
      assert.equal(unchanged.name, "Private");
      assert.equal(unchanged.status, "connected");
    });
  });

  describe("sealing", () => {
    it("rejects a ciphertext that was moved to another row", async () => {
      const [one, other] = [await connect({ name: "One" }), await connect({ name: "Other" })];
      const store = instance.database.open();
      const sealed = await sealedCredentials(one.id);
      await store.db
        .updateTable("connections")
        .set({ sealed_credentials: sealed })
        .where("id", "=", other.id)
        .execute();
      await store.close();
      const tested = await api.post(`/api/integrations/connections/${other.id}/test`);
      assert.equal(tested.status, 200);
      assert.equal(tested.body.delivery.ok, false);
      assert.equal(tested.body.delivery.error.code, "credentials_unreadable");
      const patched = await api.patch(`/api/integrations/connections/${other.id}`, {
        signing_secret: "new-secret",
      });
      assert.equal(patched.status, 409);
      assert.equal(patched.body.code, "credentials_unreadable");
      const mended = await api.patch(`/api/integrations/connections/${other.id}`, { webhook_url: ZAPIER });
      assert.equal(mended.status, 200, "a new URL mends it");
    });
  });

  async function sealedCredentials(id: string): Promise<string | null> {
    const store = instance.database.open();
    const row = await store.db
      .selectFrom("connections")
      .select("sealed_credentials")
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    await store.close();
    return row.sealed_credentials;
  }
});
