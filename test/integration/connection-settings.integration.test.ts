import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { openCredentials } from "../../src/connections/endpoint.ts";
import { rotateSecrets } from "../../src/connections/rotate-secrets.ts";
import { createKeyring } from "../../src/crypto/keyring.ts";
import type { ApiResponse } from "../support/api-client.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";
import { until } from "../support/until.ts";

const BASIC = `Basic ${Buffer.from("ada:s3cr3t-passw0rd").toString("base64")}`;
const TOKEN = "tok_7f3a9c1e5b";
/** Parts of the header values that must never be shown again. */
const SECRETS = [BASIC, BASIC.slice("Basic ".length), "s3cr3t-passw0rd", TOKEN];

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let test: ServedApp;
  let receiver: TestReceiver;

  beforeEach(async () => {
    database = await makeDatabase();
    test = await serveTestApp(database);
    receiver = await startTestReceiver();
  });
  afterEach(async () => {
    await test.close();
    await receiver.close();
    await database.remove();
  });

  const connectWith = (body: Record<string, unknown>) =>
    test.api.post("/api/integrations/webhook", { webhook_url: `${receiver.url}/hook`, ...body });
  const created = async (body: Record<string, unknown> = {}) => {
    const response = await connectWith(body);
    assert.equal(response.status, 201, response.text);
    return response.body.data;
  };
  const pathOf = ({ id }: { id: string }) => `/api/integrations/connections/${id}`;
  const change = async (connection: { id: string }, body: Record<string, unknown>) => {
    const response = await test.api.patch(pathOf(connection), body);
    assert.equal(response.status, 200, response.text);
    return response.body.data;
  };
  const namesOf = (connection: { config: { webhook: { header_names: string[] } } }) =>
    connection.config.webhook.header_names;
  const testOf = async (connection: { id: string }) => {
    const response = await test.api.post(`${pathOf(connection)}/test`);
    assert.equal(response.status, 200, response.text);
    return response.body.delivery;
  };
  const last = () => receiver.received.at(-1)?.headers ?? {};
  const faultsOf = ({ status, body, text }: ApiResponse) => {
    assert.equal(status, 422, text);
    assert.equal(body.code, "validation_failed");
    return body.errors.map(({ path }: { path: string }) => path);
  };
  /** No response of the API and no row of the database contains a secret. */
  const assertNothingLeaked = async () => {
    const rows = await test.context.store.db.selectFrom("attempts").selectAll().execute();
    const inspected = await test.context.store.db.selectFrom("inspector_requests").selectAll().execute();
    const audit = await test.context.store.db.selectFrom("audit_entries").selectAll().execute();
    const connections = await test.context.store.db.selectFrom("connections").selectAll().execute();
    const said = [...test.api.responses, JSON.stringify([rows, inspected, audit, connections])].join("\n");
    for (const secret of SECRETS) assert.ok(!said.includes(secret), `${secret} was seen`);
  };

  describe("custom headers", () => {
    it("are sent with each request next to the signature, and shown only by name", async () => {
      const connection = await created({
        headers: { "X-Api-Key": TOKEN, Authorization: BASIC },
        signing_secret: "shared",
      });
      assert.deepEqual(namesOf(connection), ["Authorization", "X-Api-Key"]);
      const { request } = await testOf(connection);
      assert.equal(last()["authorization"], BASIC);
      assert.equal(last()["x-api-key"], TOKEN);
      assert.match(String(last()["x-opensend-signature"]), /^[0-9a-f]{64}$/);
      assert.equal(request.headers.Authorization, "[redacted]");
      assert.equal(request.headers["X-Api-Key"], "[redacted]");
      await test.accept({ type: "a.b" });
      await test.context.engine.worker.tick();
      assert.equal(last()["authorization"], BASIC);
      const { id } = await test.delivery(connection.id);
      const { body } = await test.api.get(`/api/deliveries/${id}`);
      assert.equal(body.data.attempts[0].request.headers.Authorization, "[redacted]");
      await assertNothingLeaked();
    });

    it("are masked when a receiver echoes them", async () => {
      const connection = await created({
        headers: { "X-Api-Key": TOKEN, Authorization: BASIC, "X-Pin": "42" },
      });
      receiver.respond = (response, { headers }) => {
        response.setHeader("x-echo", String(headers["authorization"]));
        response.setHeader("x-short", String(headers["x-pin"]));
        response.writeHead(401, `No ${TOKEN}`);
        response.end(
          JSON.stringify({
            headers,
            raw: headers["authorization"]?.slice(6),
            user: "ada",
            pass: "s3cr3t-passw0rd",
            code: headers["x-pin"],
          }),
        );
      };
      const { response, explanation, error } = await testOf(connection);
      const shown = JSON.stringify([response, explanation, error]);
      assert.match(shown, /\[redacted\]/);
      assert.doesNotMatch(shown, /"x-pin\\*":\\*"42/);
      assert.equal(response.headers["x-short"], "[redacted]");
      assert.match(response.body, /"code":"\[redacted\]"/);
      await assertNothingLeaked();
    });

    it("are not shown by the built-in inspector", async () => {
      const { body } = await test.api.post("/api/integrations/inspector");
      await change(body.data, { headers: { Authorization: BASIC } });
      await testOf(body.data);
      const list = async () => (await test.api.get("/api/inspector/requests")).body.data;
      await until(async () => (await list()).length === 1);
      const detail = await test.api.get(`/api/inspector/requests/${(await list())[0].id}`);
      assert.equal(detail.body.data.headers.Authorization, "[redacted]");
      await assertNothingLeaked();
    });

    it("are set, replaced and removed one by one (RFC 7396), and recorded by name", async () => {
      const connection = await created({ headers: { Authorization: BASIC, "X-Old": "1" } });
      const changed = await change(connection, { headers: { "X-Api-Key": TOKEN, "x-old": null } });
      assert.deepEqual(namesOf(changed), ["Authorization", "X-Api-Key"]);
      await testOf(connection);
      assert.equal(last()["authorization"], BASIC);
      assert.equal(last()["x-api-key"], TOKEN);
      assert.equal(last()["x-old"], undefined);
      assert.deepEqual(
        namesOf(await change(connection, { headers: { AUTHORIZATION: "Bearer other-value" } })),
        ["AUTHORIZATION", "X-Api-Key"],
      );
      await testOf(connection);
      assert.equal(last()["authorization"], "Bearer other-value");
      assert.deepEqual(namesOf(await change(connection, { headers: null })), []);
      await testOf(connection);
      assert.equal(last()["authorization"], undefined);
      const { body } = await test.api.get(
        `/api/audit-log?target_id=${connection.id}&action=connection.updated`,
      );
      assert.deepEqual(
        body.data.map(({ metadata }: { metadata: Record<string, unknown> }) => [
          metadata["changed"],
          metadata["headers_set"],
          metadata["headers_removed"],
        ]),
        [
          [["headers"], undefined, ["AUTHORIZATION", "X-Api-Key"]],
          [["headers"], ["AUTHORIZATION"], undefined],
          [["headers"], ["X-Api-Key"], ["x-old"]],
        ],
      );
      await assertNothingLeaked();
    });

    it("survive other changes, a rotation of the signing secret and one of the sealing key", async () => {
      const connection = await created({ headers: { Authorization: BASIC }, signing_secret: "first-secret" });
      await change(connection, { name: "Another", webhook_url: `${receiver.url}/other` });
      await test.api.post(`${pathOf(connection)}/rotate-secret`, { signing_secret: "second-secret" });
      await change(connection, { timeout_seconds: 5 });
      await testOf(connection);
      assert.equal(last()["authorization"], BASIC);
      assert.match(String(last()["x-opensend-signature-previous"]), /^[0-9a-f]{64}$/);
      assert.deepEqual(namesOf(await change(connection, { signing_secret: null })), ["Authorization"]);
      await testOf(connection);
      assert.equal(last()["authorization"], BASIC);
      assert.equal(last()["x-opensend-signature"], undefined);
      const { keyring: before } = test.context.services.integrations;
      const next = createKeyring("8f14e45fceea167a5a36dedd4bea2543c9f0f895fb98ab9159f51fd0297e236d");
      const keyring = { current: next.current, byId: new Map([...before.byId, ...next.byId]) };
      const { db } = test.context.store;
      assert.equal((await rotateSecrets({ db, keyring })).resealed, 1);
      const row = await db.selectFrom("connections").selectAll().executeTakeFirstOrThrow();
      assert.equal(row.header_names, '["Authorization"]');
      const binding = { workspaceId: row.workspace_id, connectionId: row.id };
      assert.deepEqual(openCredentials(next, binding, row.sealed_credentials ?? "").headers, [
        { name: "Authorization", value: BASIC },
      ]);
    });

    it("are not sent to another host: a URL there requires setting or removing them", async () => {
      const connection = await created({ headers: { Authorization: BASIC, "X-Api-Key": TOKEN } });
      const other = await startTestReceiver();
      try {
        const webhook_url = `${other.url}/hook`;
        const refused = await test.api.patch(pathOf(connection), { webhook_url });
        assert.deepEqual(faultsOf(refused), ["headers"]);
        assert.match(refused.body.detail, /another host/);
        const half = await test.api.patch(pathOf(connection), {
          webhook_url,
          headers: { Authorization: "x" },
        });
        assert.deepEqual(faultsOf(half), ["headers"]);
        await change(connection, {
          webhook_url,
          headers: { authorization: "Bearer of-other", "x-api-key": null },
        });
        await testOf(connection);
        assert.equal(other.received[0]?.headers["authorization"], "Bearer of-other");
        assert.equal(other.received[0]?.headers["x-api-key"], undefined);
        await change(connection, { webhook_url: `${receiver.url}/hook`, headers: null });
      } finally {
        await other.close();
      }
      await assertNothingLeaked();
    });

    it("are destroyed when the connection is disconnected", async () => {
      const connection = await created({ headers: { Authorization: BASIC } });
      const gone = await test.api.delete(pathOf(connection));
      assert.deepEqual(namesOf(gone.body.data), []);
      const refused = await test.api.patch(pathOf(connection), { headers: { "X-A": "1" } });
      assert.equal(refused.status, 409, refused.text);
      await change(connection, { webhook_url: `${receiver.url}/again` });
      await testOf(connection);
      assert.equal(last()["authorization"], undefined);
    });

    it("are refused when HTTP or OpenSend sets them or they are malformed, without a value in the response", async () => {
      const ROWS: readonly [headers: unknown, path: string][] = [
        [{ Host: TOKEN }, "headers.Host"],
        [{ "content-type": TOKEN }, "headers.content-type"],
        [{ "Transfer-Encoding": "chunked" }, "headers.Transfer-Encoding"],
        [{ "Proxy-Authorization": BASIC }, "headers.Proxy-Authorization"],
        [{ "webhook-signature": "v1,x" }, "headers.webhook-signature"],
        [{ "X-OpenSend-Anything": "x" }, "headers.X-OpenSend-Anything"],
        [{ [`Authorization: ${BASIC}`]: "" }, "headers"],
        [{ [`x ${TOKEN}`]: `${TOKEN}\r\nx-injected: 1` }, "headers"],
        [{ "x-a": `${TOKEN}\nx-injected: 1` }, "headers.x-a"],
        [{ "x-a": ` ${TOKEN}` }, "headers.x-a"],
        [{ "x-a": `${TOKEN}é` }, "headers.x-a"],
        [{ "x-a": "" }, "headers.x-a"],
        [{ "x-a": 1 }, "headers.x-a"],
        [{ "x-a": ["1"] }, "headers.x-a"],
        [{ "X-A": "1", "x-a": "2" }, "headers"],
        [["x-a"], "headers"],
        ["x-a: 1", "headers"],
        [Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`x-${index}`, "1"])), "headers"],
        [
          Object.fromEntries(Array.from({ length: 3 }, (_, index) => [`x-${index}`, "1".repeat(4000)])),
          "headers",
        ],
      ];
      const connection = await created();
      for (const [headers, path] of ROWS) {
        const said = JSON.stringify(headers).slice(0, 60);
        assert.deepEqual(faultsOf(await connectWith({ headers })), [path], said);
        assert.deepEqual(faultsOf(await test.api.patch(pathOf(connection), { headers })), [path], said);
      }
      const own = `{"webhook_url":"${receiver.url}/hook","headers":{"__proto__":"x"}}`;
      assert.deepEqual(faultsOf(await test.api.post("/api/integrations/webhook", own)), ["headers"]);
      await testOf(connection);
      assert.equal(last()["x-injected"], undefined);
      const seen = test.api.responses.join("\n");
      assert.ok(!seen.includes("s3cr3t") && !seen.includes(BASIC.slice(6)));
    });

    it("are limited to twenty after the change, and a refused change has no effect", async () => {
      const some = (from: number, count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${from + index}`, "1"]));
      const connection = await created({ headers: some(0, 19) });
      assert.equal(namesOf(await change(connection, { headers: some(19, 1) })).length, 20);
      const refused = await test.api.patch(pathOf(connection), { name: "No", headers: some(20, 1) });
      assert.deepEqual(faultsOf(refused), ["headers"]);
      assert.notEqual((await test.api.get(pathOf(connection))).body.data.name, "No");
      const replaced = await change(connection, {
        headers: {
          ...Object.fromEntries(Object.keys(some(0, 20)).map((name) => [name, null])),
          ...some(20, 20),
        },
      });
      assert.equal(namesOf(replaced).length, 20);
      assert.deepEqual(namesOf(await created({ headers: null })), []);
      assert.deepEqual(namesOf(await created({ headers: { "x-a": null } })), []);
    });
  });

  describe("the timeout", () => {
    it("is 15 s by default, and a whole number of seconds up to 60", async () => {
      const connection = await created();
      assert.equal(connection.timeout_seconds, 15);
      assert.equal((await created({ timeout_seconds: 60 })).timeout_seconds, 60);
      assert.equal((await change(connection, { timeout_seconds: 1 })).timeout_seconds, 1);
      assert.equal((await change(connection, { concurrency: 3 })).timeout_seconds, 1);
      for (const timeout_seconds of [0, 61, 1.5, "5", null, -1]) {
        assert.deepEqual(faultsOf(await connectWith({ timeout_seconds })), ["timeout_seconds"]);
        const refused = await test.api.patch(pathOf(connection), { timeout_seconds });
        assert.deepEqual(faultsOf(refused), ["timeout_seconds"]);
      }
      const { body } = await test.api.get(
        `/api/audit-log?target_id=${connection.id}&action=connection.updated`,
      );
      assert.deepEqual(body.data.at(-1).metadata.changed, ["timeout_seconds"]);
    });

    it("ends attempts of its connection, including tests, and is named by the explanation", async () => {
      receiver.respond = () => undefined;
      const connection = await created({ timeout_seconds: 1 });
      const startedAt = performance.now();
      const delivery = await testOf(connection);
      const tookMs = performance.now() - startedAt;
      assert.equal(delivery.error.code, "timeout");
      assert.ok(tookMs >= 990 && tookMs < 5000, `${tookMs} ms`);
      assert.equal(delivery.explanation.title, "No response within 1 s");
      await test.accept({ type: "a.b" });
      await test.context.engine.worker.tick();
      const { id, status } = await test.delivery(connection.id);
      assert.equal(status, "pending");
      const { body } = await test.api.get(`/api/deliveries/${id}`);
      assert.equal(body.data.attempts[0].error.code, "timeout");
    });

    it("applies from the next attempt after a change", async () => {
      receiver.respond = (response) => void setTimeout(() => response.writeHead(200).end(), 1300);
      const connection = await created({ timeout_seconds: 1 });
      assert.equal((await testOf(connection)).ok, false);
      await change(connection, { timeout_seconds: 10 });
      assert.equal((await testOf(connection)).ok, true);
    });

    it("applies to the built-in inspector", async () => {
      const { body } = await test.api.post("/api/integrations/inspector");
      await change(body.data, { timeout_seconds: 1 });
      await test.api.patch("/api/inspector", { answer: "timeout" });
      const startedAt = performance.now();
      assert.equal((await testOf(body.data)).error.code, "timeout");
      assert.ok(performance.now() - startedAt < 5000);
    });

    it("keeps a test alive that takes longer than the default timeout", async () => {
      const pendingResponses: (() => void)[] = [];
      receiver.respond = (response) => void pendingResponses.push(() => response.writeHead(200).end());
      const connection = await created({ timeout_seconds: 60 });
      const tested = testOf(connection);
      await until(() => pendingResponses.length === 1);
      // By this time a test with the default timeout would have expired.
      test.clock.now += 50_000;
      await test.context.engine.worker.tick();
      for (const response of pendingResponses) response();
      assert.equal((await tested).ok, true);
    });
  });
});
