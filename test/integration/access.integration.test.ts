import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, it } from "node:test";
import { ApiClient, OWNER } from "../support/api-client.ts";
import { forEachDatabase } from "../support/databases.ts";
import { addUser, startInstance, type TestInstance } from "../support/instance.ts";
import { freePort, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const HOOK = { webhook_url: "https://hooks.zapier.com/hooks/catch/123/abc" };

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  before(async () => {
    instance = await startInstance(makeDatabase);
  });
  after(() => instance.remove());

  describe("setup", () => {
    it("creates one owner from the printed link, even when two people use it concurrently, and is closed afterwards", async () => {
      const database = await makeDatabase();
      const server = await startServer(database.environment, { dataDir: database.dataDir });
      const token = new URL(server.setupUrl ?? "").searchParams.get("token") ?? "";
      const client = () => new ApiClient(server.url);
      assert.deepEqual((await client().get("/api/setup")).body, {
        object: "setup",
        data: { open: true, mails_password_resets: false },
      });
      const wrong = await client().post("/api/setup", { token: `${token.slice(0, -1)}_`, ...OWNER });
      assert.equal(wrong.status, 403);
      assert.equal(wrong.body.code, "invalid_setup_token");
      const short = await client().post("/api/setup", { token, ...OWNER, password: "elevenchars" });
      assert.equal(short.status, 422);
      assert.equal(short.body.errors[0].path, "password");
      const racers = await Promise.all([
        client().post("/api/setup", { token, ...OWNER }),
        client().post("/api/setup", { token, ...OWNER, email: "eve@example.com" }),
      ]);
      assert.deepEqual(racers.map((response) => response.status).toSorted(), [201, 403]);
      assert.equal((await client().get("/api/setup")).body.data.open, false);
      const late = await client().post("/api/setup", { token, ...OWNER, email: "late@example.com" });
      assert.equal(late.body.code, "setup_closed");
      const store = database.open();
      const users = await store.db.selectFrom("users").select("id").execute();
      const workspaces = await store.db.selectFrom("workspaces").select("id").execute();
      assert.deepEqual([users.length, workspaces.length], [1, 1]);
      await store.close();
      await server.stop();
      const again = await startServer(database.environment, { dataDir: database.dataDir });
      assert.equal(again.setupUrl, null, "no link is printed any more");
      await again.stop();
      await database.remove();
    });
  });

  describe("sessions", () => {
    it("set a cookie that scripts cannot read and other sites do not send", async () => {
      const client = new ApiClient(instance.server.url);
      const response = await client.post("/api/session", {
        email: OWNER.email.toUpperCase(),
        password: OWNER.password,
      });
      assert.equal(response.status, 200);
      const [cookie = ""] = response.headers.getSetCookie();
      assert.match(cookie, /; HttpOnly/i);
      assert.match(cookie, /; SameSite=Lax/i);
      assert.doesNotMatch(cookie, /; Secure/i, "plain http on this machine");
      const { data } = (await client.get("/api/session")).body;
      assert.equal(data.user.email, OWNER.email);
      assert.equal(data.role, "owner");
    });

    it("use a Secure, prefixed cookie and HSTS behind https", async () => {
      const database = await makeDatabase();
      const port = String(await freePort());
      const environment = {
        ...database.environment,
        PORT: port,
        OPENSEND_PUBLIC_URL: "https://send.example.com",
      };
      const server = await startServer(environment, { dataDir: database.dataDir });
      assert.match(server.setupUrl ?? "", /^https:\/\/send\.example\.com\/setup\?token=/);
      const local = new ApiClient(`http://127.0.0.1:${port}`);
      const health = await local.get("/api/health");
      assert.match(health.headers.get("strict-transport-security") ?? "", /max-age=\d{7}/);
      const token = new URL(server.setupUrl ?? "").searchParams.get("token");
      const origin = "https://send.example.com";
      const created = await local.post("/api/setup", { token, ...OWNER }, { origin });
      assert.match(created.headers.getSetCookie()[0] ?? "", /^__Host-opensend\.session_token=/);
      const attributes = (created.headers.getSetCookie()[0] ?? "").split("; ").slice(1);
      for (const needed of ["Secure", "Path=/", "HttpOnly", "SameSite=Lax"]) {
        assert.ok(attributes.includes(needed), `${needed} in ${attributes}`);
      }
      assert.ok(!attributes.some((attribute) => /^Domain/i.test(attribute)));
      local.cookie = (created.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
      assert.equal((await local.get("/api/session")).status, 200);
      assert.equal(
        (await local.post("/api/api-keys", { name: "k", access: "full_access" }, { origin })).status,
        201,
      );
      await server.stop();
      await database.remove();
    });

    it("give the same error for a wrong email and a wrong password, then throttle even the right password", async () => {
      const wrongPassword = { email: OWNER.email, password: "not the password" };
      const unknown = { email: "nobody@example.com", password: OWNER.password };
      const client = new ApiClient(instance.server.url);
      const responses = [
        await client.post("/api/session", wrongPassword),
        await client.post("/api/session", unknown),
      ];
      for (const response of responses) {
        assert.equal(response.status, 401);
        assert.equal(response.body.code, "invalid_sign_in");
      }
      assert.equal(responses[0]?.body.detail, responses[1]?.body.detail);
      // Concurrent tries must not slip past the limit of five.
      const burst = await Promise.all(
        Array.from({ length: 8 }, () => client.post("/api/session", wrongPassword)),
      );
      const throttled = burst.filter((response) => response.status === 429);
      assert.equal(throttled.length, 4, burst.map((response) => response.status).join());
      const locked = await client.post("/api/session", { email: OWNER.email, password: OWNER.password });
      assert.equal(locked.status, 429);
      assert.equal(locked.body.code, "sign_in_throttled");
      const wait = Number(locked.headers.get("retry-after"));
      assert.ok(wait > 0 && wait <= 300);
      assert.equal(locked.body.retry_after, wait);
      const store = instance.database.open();
      const rows = await store.db.selectFrom("sign_in_throttles").selectAll().execute();
      assert.doesNotMatch(JSON.stringify(rows), /@|127\.0\.0\.1/, "neither email nor address in clear");
      await store.db.deleteFrom("sign_in_throttles").execute();
      await store.close();
      assert.equal((await client.post("/api/session", OWNER)).status, 422, "unknown field `name`");
      const { email, password } = OWNER;
      assert.equal((await client.post("/api/session", { email, password })).status, 200);
    });

    it("are listed, revoked immediately and ended by signing out", async () => {
      const { email, password } = OWNER;
      const [one, two] = [new ApiClient(instance.server.url), new ApiClient(instance.server.url)];
      await one.post("/api/session", { email, password }, { "user-agent": "Browser One" });
      await two.post("/api/session", { email, password }, { "user-agent": "Browser Two" });
      const list = await one.get("/api/sessions");
      const listed: { id: string; current: boolean; user_agent: string }[] = list.body.data;
      assert.equal(listed.filter((session) => session.current).length, 1);
      const other = listed.find((session) => session.user_agent === "Browser Two");
      assert.ok(other);
      assert.doesNotMatch(list.text, /token/);
      assert.equal((await one.delete(`/api/sessions/${other.id}`)).status, 204);
      assert.equal((await two.get("/api/integrations")).status, 401);
      assert.equal((await one.delete(`/api/sessions/${other.id}`)).status, 404);
      const cookie = one.cookie;
      assert.equal((await one.delete("/api/session")).status, 204);
      one.cookie = cookie;
      assert.equal((await one.get("/api/session")).status, 401, "the old cookie is worth nothing");
    });

    it("cannot be ended by another person", async () => {
      const viewer = await addUser(instance, "viewer");
      const mine = await instance.owner.get("/api/sessions");
      assert.equal((await viewer.delete(`/api/sessions/${mine.body.data[0].id}`)).status, 404);
    });
  });

  describe("roles", () => {
    it("let a viewer only read, and an admin make changes", async () => {
      const [viewer, admin] = [await addUser(instance, "viewer"), await addUser(instance, "admin")];
      const created = await admin.post("/api/integrations/webhook", HOOK);
      assert.equal(created.status, 201);
      const path = `/api/integrations/connections/${created.body.data.id}`;
      for (const readable of [
        "/api/integrations",
        path,
        "/api/integrations/webhook",
        "/api/api-keys",
        "/api/audit-log",
      ]) {
        assert.equal((await viewer.get(readable)).status, 200, readable);
      }
      for (const refused of [
        await viewer.post("/api/integrations/webhook", HOOK),
        await viewer.patch(path, { name: "x" }),
        await viewer.delete(path),
        await viewer.post(`${path}/test`),
        await viewer.post(`${path}/pause`),
        await viewer.post("/api/api-keys", { name: "x", access: "full_access" }),
      ]) {
        assert.equal(refused.status, 403, refused.text);
        assert.equal(refused.body.code, "forbidden");
      }
    });
  });

  describe("same origin", () => {
    it("is required for writes with a cookie, and not for reads", async () => {
      const { owner } = instance;
      const before = (await owner.get("/api/integrations/connections")).body.data.length;
      for (const origin of ["https://evil.example", "null", "http://127.0.0.1:1", ""]) {
        const response = await owner.post("/api/integrations/webhook", HOOK, { origin });
        assert.equal(response.status, 403, origin);
        assert.equal(response.body.code, "cross_origin");
      }
      const withoutOrigin = await fetch(`${owner.url}/api/integrations/webhook`, {
        method: "POST",
        headers: { cookie: owner.cookie ?? "", "content-type": "application/json" },
        body: JSON.stringify(HOOK),
      });
      assert.equal(withoutOrigin.status, 403);
      const login = await new ApiClient(owner.url).post(
        "/api/session",
        { email: OWNER.email, password: OWNER.password },
        { origin: "https://evil.example" },
      );
      assert.equal(login.status, 403);
      assert.equal((await owner.get("/api/integrations", { origin: "https://evil.example" })).status, 200);
      assert.equal((await owner.get("/api/integrations/connections")).body.data.length, before);
    });
  });

  describe("API keys", () => {
    it("are shown once, stored only as a hash, and listed with the time of their last use", async () => {
      const created = await instance.owner.post("/api/api-keys", { name: "  CI  ", access: "full_access" });
      assert.equal(created.status, 201);
      const key: string = created.body.key;
      assert.match(key, /^os_[A-Za-z0-9_-]{43}$/);
      const { id, name, prefix, last_four, created_by, last_used_at } = created.body.data;
      assert.equal(name, "CI");
      assert.equal(prefix, key.slice(0, 7));
      assert.equal(last_four, key.slice(-4));
      assert.equal(created_by.name, OWNER.name);
      assert.equal(last_used_at, null);
      assert.equal((await new ApiClient(instance.server.url, { key }).get("/api/integrations")).status, 200);
      // The last use is written in the background; the request does not wait for it.
      await until(async () => {
        const list = await instance.owner.get("/api/api-keys");
        assert.ok(!list.text.includes(key));
        return list.body.data.find((one: { id: string }) => one.id === id).last_used_at !== null;
      });
    });

    it("have sending access by default", async () => {
      const created = await instance.owner.post("/api/api-keys", { name: "For an app" });
      assert.equal(created.status, 201, created.text);
      assert.equal(created.body.data.access, "sending_access");
    });

    it("are refused if revoked, expired, malformed or unknown", async () => {
      const created = await instance.owner.post("/api/api-keys", { name: "Short", access: "full_access" });
      const client = new ApiClient(instance.server.url, { key: created.body.key });
      assert.equal((await client.get("/api/integrations")).status, 200);
      const revoked = await instance.owner.delete(`/api/api-keys/${created.body.data.id}`);
      assert.ok(revoked.body.data.revoked_at);
      const refused = await client.get("/api/integrations");
      assert.equal(refused.status, 401);
      assert.equal(refused.headers.get("www-authenticate"), 'Bearer realm="OpenSend"');
      const again = await instance.owner.delete(`/api/api-keys/${created.body.data.id}`);
      // The last use is written in the background, perhaps after the key was revoked.
      const { last_used_at: _usedAt, ...unchanged } = again.body.data;
      const { last_used_at: _usedBefore, ...before } = revoked.body.data;
      assert.deepEqual(unchanged, before);
      const soon = new Date(Date.now() + 1500).toISOString();
      const expiring = await instance.owner.post("/api/api-keys", {
        name: "E",
        access: "full_access",
        expires_at: soon,
      });
      const store = instance.database.open();
      await store.db
        .updateTable("api_keys")
        .set({ expires_at: Date.now() - 1 })
        .where("id", "=", expiring.body.data.id)
        .execute();
      await store.close();
      for (const key of [
        expiring.body.key,
        "os_",
        "Bearer",
        `os_${"a".repeat(43)}`,
        `${created.body.key}x`,
      ]) {
        assert.equal(
          (await new ApiClient(instance.server.url, { key }).get("/api/integrations")).status,
          401,
        );
      }
      const past = await instance.owner.post("/api/api-keys", {
        name: "P",
        access: "full_access",
        expires_at: "2020-01-01T00:00:00Z",
      });
      assert.equal(past.status, 422);
    });

    it("with sending access cannot access integrations, keys or the audit log", async () => {
      const created = await instance.owner.post("/api/api-keys", {
        name: "Sender",
        access: "sending_access",
      });
      const sender = new ApiClient(instance.server.url, { key: created.body.key });
      for (const response of [
        await sender.get("/api/integrations"),
        await sender.get("/api/integrations/webhook"),
        await sender.post("/api/integrations/webhook", HOOK),
        await sender.get("/api/api-keys"),
        await sender.get("/api/audit-log"),
      ]) {
        assert.equal(response.status, 403);
        assert.match(response.body.detail, /sending access/);
      }
    });

    it("take precedence over a cookie, and are not accepted in the URL", async () => {
      const both = new ApiClient(instance.server.url, {
        key: "os_wrong",
        cookie: instance.owner.cookie ?? "",
      });
      assert.equal((await both.get("/api/integrations")).status, 401);
      const bare = new ApiClient(instance.server.url);
      assert.equal((await bare.get(`/api/integrations?api_key=${instance.key}`)).status, 401);
    });
  });

  describe("audit log", () => {
    it("records who did what to what, when and from where, without secrets", async () => {
      const created = await instance.owner.post("/api/integrations/webhook", {
        ...HOOK,
        name: "Audited",
        signing_secret: "audit-secret",
      });
      const { id } = created.body.data;
      const path = `/api/integrations/connections/${id}`;
      await instance.owner.patch(path, { signing_secret: "audit-secret-2" });
      await instance.owner.post(`${path}/pause`);
      await instance.owner.post(`${path}/resume`);
      await instance.api.post(`${path}/test`);
      await instance.owner.delete(path);
      const log = await instance.owner.get("/api/audit-log?limit=100");
      type Entry = {
        action: string;
        actor: { kind: string; name: string; address: string };
        target: { id: string };
        metadata: Record<string, unknown>;
      };
      const entries: Entry[] = log.body.data;
      const ofConnection = entries.filter((entry) => entry.target.id === id);
      assert.deepEqual(ofConnection.map((entry) => entry.action).toReversed(), [
        "connection.connected",
        "connection.updated",
        "connection.paused",
        "connection.resumed",
        "connection.tested",
        "connection.disconnected",
      ]);
      const [connected, updated] = ofConnection.toReversed();
      assert.deepEqual(
        { ...connected?.actor },
        {
          kind: "user",
          id: (await instance.owner.get("/api/session")).body.data.user.id,
          name: OWNER.name,
          address: "127.0.0.1",
        },
      );
      assert.deepEqual(updated?.metadata["changed"], ["signing_secret"]);
      assert.equal(ofConnection.find((entry) => entry.action === "connection.tested")?.actor.kind, "api_key");
      for (const action of [
        "session.created",
        "session.failed",
        "api_key.created",
        "api_key.revoked",
        "user.created",
      ]) {
        assert.ok(
          entries.some((entry) => entry.action === action),
          action,
        );
      }
      assert.doesNotMatch(log.text, /audit-secret|catch\/123|nobody@example/);
    });
  });

  describe("rate limit", () => {
    it("returns 429 with Retry-After to the caller that exceeds it, and to no other", async () => {
      const database = await makeDatabase();
      const limited = await startInstance(async () => database, { OPENSEND_RATE_LIMIT_PER_MINUTE: "20" });
      const responses = await Promise.all(
        Array.from({ length: 30 }, () => limited.api.get("/api/integrations")),
      );
      const refused = responses.filter((response) => response.status === 429);
      assert.equal(refused.length, 10);
      assert.equal(refused[0]?.body.code, "rate_limited");
      assert.ok(Number(refused[0]?.headers.get("retry-after")) >= 1);
      assert.equal(
        (await limited.owner.get("/api/integrations")).status,
        200,
        "the owner's session has a share of its own",
      );
      await limited.remove();
    });

    it("counts encoded and unknown API paths, but neither pages nor health checks", async () => {
      const database = await makeDatabase();
      const limited = await startInstance(async () => database, { OPENSEND_RATE_LIMIT_PER_MINUTE: "20" });
      const { url } = limited.server;
      const anonymous = new ApiClient(url);
      const statuses = async (path: string, count: number, headers = {}) => {
        const responses = Array.from({ length: count }, () => anonymous.get(path, headers));
        return (await Promise.all(responses)).map((response) => response.status);
      };
      assert.ok(!(await statuses("/%61pi/health", 25)).includes(429));
      assert.ok(!(await statuses("/deliveries", 25, { accept: "text/html" })).includes(429));
      assert.ok(!(await statuses("/docs", 25, { accept: "text/html" })).includes(429));
      // The unauthenticated setup call was one of the twenty.
      assert.deepEqual(await statuses("/%61pi/session", 10), Array(10).fill(401));
      assert.deepEqual(await statuses("/api/nowhere", 5), Array(5).fill(404));
      assert.deepEqual(await statuses("/%61pi/nowhere", 4, { accept: "text/html" }), Array(4).fill(404));
      assert.equal(await rawStatus(url, "/api/session"), 429, "plain");
      assert.equal(await rawStatus(url, "/%61pi/session"), 429, "encoded");
      assert.equal(await rawStatus(url, `${url}/api/session`), 429, "an absolute URL");
      await limited.remove();
    });
  });
});

/** Requests a target without normalizing it. */
function rawStatus(url: string, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path }, (response) => resolve(response.resume().statusCode));
    sent.on("error", reject).end();
  });
}
