import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { INSPECTOR_RESPONSES, inspectorUrl } from "../../src/domain/inspector.ts";
import { resealOwnSecrets } from "../../src/inspector/reseal.ts";
import { ApiClient } from "../support/api-client.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { openEventStream } from "../support/event-stream.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";
import { until } from "../support/until.ts";

const DAY = 24 * 60 * 60 * 1000;
const OWN_SECRET = "a wrong secret of the receiver";

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let test: ServedApp;
  let id: string;
  let path: string;

  beforeEach(async () => {
    database = await makeDatabase();
    test = await serveTestApp(database);
    // Requests to the inspector must not reach the network.
    test.context.senders.egress.send = async () => assert.fail("the network was reached");
    const created = await test.api.post("/api/integrations/inspector");
    assert.equal(created.status, 201, created.text);
    id = created.body.data.id;
    path = `/api/integrations/connections/${id}`;
  });
  afterEach(async () => {
    await test.close();
    await database.remove();
  });

  const choose = async (change: Record<string, unknown>) => {
    const response = await test.api.patch("/api/inspector", change);
    assert.equal(response.status, 200, response.text);
    return response.body.data;
  };
  const sendTest = async () => {
    const response = await test.api.post(`${path}/test`);
    assert.equal(response.status, 200, response.text);
    return response.body;
  };
  /** Sends one event through the whole path, and returns the result. */
  const sendEvent = async (dataJson = "{}") => {
    await test.accept({ type: "order.paid", dataJson });
    await test.context.engine.worker.tick();
    const { id: deliveryId } = await test.delivery(id);
    const delivery = (await test.api.get(`/api/deliveries/${deliveryId}`)).body.data;
    const connection = (await test.api.get(path)).body.data;
    return { delivery, attempt: delivery.attempts.at(-1), connection };
  };
  const list = async (api = test.api) => {
    await test.context.senders.inspector.idle();
    const response = await api.get("/api/inspector/requests");
    assert.equal(response.status, 200, response.text);
    return response.body.data;
  };
  const newestVerdict = async () => (await list())[0].signature;

  describe("the inspector's connection", () => {
    it("is created by one call, with a secret that no response shows", async () => {
      const { config, name, status } = (await test.api.get(path)).body.data;
      assert.equal(name, "Built-in inspector");
      assert.equal(status, "connected");
      assert.equal(config.webhook.receiver, "inspector");
      assert.equal(config.webhook.endpoint_preview, "https://inspector.invalid/…");
      assert.equal(config.webhook.has_signing_secret, true);
      assert.doesNotMatch(test.api.responses.join(), /whsec_/);
      assert.doesNotMatch(test.api.responses.join(), new RegExp(inspectorUrl(test.workspaceId).href));
    });

    it("exists once per workspace, however often and concurrently it is requested", async () => {
      const again = await test.api.post("/api/integrations/inspector");
      assert.deepEqual([again.status, again.body.data.id], [200, id]);
      await test.api.post(`${path}/pause`);
      assert.equal((await test.api.post("/api/integrations/inspector")).body.data.id, id);
      await test.api.delete(path);
      assert.equal((await test.api.get("/api/inspector")).body.data.connection, null);
      const created = await Promise.all(
        Array.from({ length: 5 }, () => test.api.post("/api/integrations/inspector")),
      );
      assert.equal(created.filter(({ status }) => status === 201).length, 1);
      const ids = new Set(created.map(({ body }) => body.data.id));
      assert.equal(ids.size, 1);
      assert.ok(!ids.has(id));
      assert.equal((await test.api.get("/api/inspector")).body.data.connection.id, [...ids][0]);
    });

    it("becomes a connection to a real receiver with a webhook URL, and can then be created again", async () => {
      const moved = await test.api.patch(path, { webhook_url: "https://hooks.zapier.com/hooks/catch/1/a" });
      assert.equal(moved.status, 200, moved.text);
      assert.equal(moved.body.data.config.webhook.receiver, "zapier");
      assert.equal((await test.api.get("/api/inspector")).body.data.connection, null);
      assert.equal((await test.api.post("/api/integrations/inspector")).status, 201);
    });

    it("cannot be created by its URL in any spelling", async () => {
      const host = "inspector.invalid";
      const spellings = [
        inspectorUrl(test.workspaceId).href,
        `https://INSPECTOR.INVALID/${test.workspaceId}`,
        `https://${host}./${test.workspaceId}`,
        `https://${host}:443/${test.workspaceId}`,
        `https://${host}:8443/${test.workspaceId}`,
        `http://${host}/${test.workspaceId}`,
        `https://user:pass@${host}/${test.workspaceId}`,
        `https://sub.${host}/${test.workspaceId}`,
        `https://%69nspector.invalid/${test.workspaceId}`,
        `https://inspector。invalid/${test.workspaceId}`,
        "https://other.invalid/hook",
      ];
      for (const webhook_url of spellings) {
        const created = await test.api.post("/api/integrations/webhook", { webhook_url });
        assert.deepEqual([created.status, created.body.code], [422, "unsafe_url"], webhook_url);
        const changed = await test.api.patch(path, { webhook_url });
        assert.deepEqual([changed.status, changed.body.code], [422, "unsafe_url"], webhook_url);
      }
      const { body } = await test.api.post("/api/integrations/webhook", { webhook_url: spellings[0] });
      assert.match(body.detail, /built-in inspector.*POST \/api\/integrations\/inspector/);
    });
  });

  describe("the inspector's response", () => {
    it("can be set, and invalid settings are refused", async () => {
      const { settings } = (await test.api.get("/api/inspector")).body.data;
      assert.deepEqual(settings, { answer: "200", retry_after_seconds: 30, has_own_secret: false });
      for (const response of INSPECTOR_RESPONSES) {
        assert.equal((await choose({ answer: response })).settings.answer, response);
      }
      for (const [body, field] of [
        [{ answer: "418" }, "answer"],
        [{ retry_after_seconds: 0 }, "retry_after_seconds"],
        [{ retry_after_seconds: 3601 }, "retry_after_seconds"],
        [{ retry_after_seconds: 1.5 }, "retry_after_seconds"],
        [{ secret: "" }, "secret"],
        [{ secret: "x".repeat(513) }, "secret"],
        [{ secret: "whsec_not-base64" }, "secret"],
        [{ unknown: true }, "unknown"],
        [{}, ""],
      ] as const) {
        const refused = await test.api.patch("/api/inspector", body);
        assert.equal(refused.status, 422, JSON.stringify(body));
        assert.equal(refused.body.errors[0].path, field);
      }
    });

    it("200 delivers, and turns the connection healthy", async () => {
      const { delivery, attempt, connection } = await sendEvent();
      assert.equal(delivery.status, "delivered");
      assert.equal(attempt.response.status, 200);
      assert.match(
        attempt.explanation.detail,
        /The inspector accepted it \(200\)\. Nothing left this server\./,
      );
      assert.equal(connection.health, "healthy");
      const { dns, connect, tls, first_byte, total } = attempt.timings;
      assert.deepEqual([dns, connect, tls], [null, null, null]);
      assert.ok(first_byte >= 0 && total >= first_byte);
    });

    it("404, 500 or a redirect is retried by the schedule", async () => {
      for (const [response, status, code] of [
        ["404", 404, "no_receiver"],
        ["500", 500, "receiver_failed"],
        ["redirect", 302, "redirect"],
      ] as const) {
        await choose({ answer: response });
        const { delivery, attempt, connection } = await sendEvent();
        assert.equal(delivery.status, "pending");
        assert.equal(attempt.response.status, status);
        assert.equal(attempt.explanation.code, code);
        const waitMs = Date.parse(delivery.next_attempt_at) - test.clock.now;
        assert.ok(waitMs >= 4000 && waitMs <= 6000, String(waitMs));
        assert.equal(connection.status, "connected");
        assert.notEqual(connection.last_error, null);
        await test.api.post(`/api/deliveries/${delivery.id}/cancel`);
        // A failing receiver is probed: the next delivery can be sent when the backoff has ended.
        test.clock.now += 120_000;
      }
      assert.equal((await test.api.get(path)).body.data.health, "unhealthy");
      await choose({ answer: "200" });
      const { connection } = await sendEvent();
      assert.equal(connection.health, "healthy");
    });

    it("410 pauses the connection as gone, and keeps its pending deliveries", async () => {
      await choose({ answer: "410" });
      const { delivery, connection } = await sendEvent();
      assert.equal(delivery.status, "pending");
      assert.deepEqual([connection.status, connection.paused_reason], ["paused", "gone"]);
      await choose({ answer: "200" });
      await test.api.post(`${path}/resume`);
      await test.context.engine.worker.tick();
      assert.equal((await test.delivery(id)).status, "delivered");
    });

    it("429 with Retry-After delays all deliveries of the connection", async () => {
      await choose({ answer: "429", retry_after_seconds: 90 });
      const { delivery, attempt } = await sendEvent();
      assert.equal(attempt.response.headers["retry-after"], "90");
      assert.equal(attempt.explanation.code, "rate_limited");
      const waitMs = Date.parse(delivery.next_attempt_at) - test.clock.now;
      assert.ok(waitMs >= 89_000, String(waitMs));
      await choose({ answer: "200" });
      await test.accept({ type: "order.paid" });
      test.clock.now += 60_000;
      await test.context.engine.worker.tick();
      assert.equal((await list()).length, 1, "nothing leaves before");
      test.clock.now += 60_000;
      await test.context.engine.worker.tick();
      assert.equal((await list()).length, 3);
    });

    it("timeout takes the whole deadline, and is recorded as a timeout while waiting for the response", async () => {
      await choose({ answer: "timeout" });
      const { delivery, attempt } = await sendEvent();
      assert.equal(delivery.status, "pending");
      assert.equal(attempt.error.code, "timeout");
      assert.equal(attempt.response, null);
      assert.match(attempt.explanation.detail, /waiting for the response/);
      assert.ok(attempt.timings.total >= 14_990 && attempt.timings.total < 17_000, attempt.timings.total);
      assert.equal(test.context.engine.worker.inFlight, 0);
      assert.equal((await list())[0].answer, "timeout");
    });

    it("timeout ends as interrupted when the server stops", async () => {
      await choose({ answer: "timeout" });
      const sent = sendEvent();
      await until(async () => (await list()).length === 1);
      test.context.senders.inspector.stopWaiting();
      const { delivery, attempt } = await sent;
      assert.equal(attempt.error.code, "interrupted");
      assert.ok(attempt.timings.total < 14_000);
      assert.equal(delivery.status, "pending");
      const late = (await sendTest()).delivery;
      assert.equal(late.error.code, "interrupted", "nor does it begin to wait");
    });

    it("410 to a test event never pauses", async () => {
      await choose({ answer: "410" });
      const { delivery, connection } = await sendTest();
      assert.deepEqual([delivery.ok, delivery.status], [false, 410]);
      assert.deepEqual([connection.status, connection.health], ["connected", "unhealthy"]);
    });
  });

  describe("the inspector's request list", () => {
    it("shows each request with headers, body, signature verdict and its delivery", async () => {
      const { delivery } = await sendTest();
      const [request, ...others] = await list();
      assert.deepEqual(others, []);
      assert.equal(request.delivery_id, delivery.id);
      assert.equal(request.event_id, delivery.event_id);
      assert.equal(request.event_type, "integration.test");
      assert.equal(request.answer, "200");
      const { valid, code, header, secret } = request.signature;
      assert.deepEqual(
        { valid, code, header, secret },
        { valid: true, code: "valid", header: "x-opensend-signature", secret: "connection" },
      );
      const detail = (await test.api.get(`/api/inspector/requests/${request.id}`)).body.data;
      assert.equal(detail.method, "POST");
      assert.equal(detail.body, delivery.request.body);
      assert.deepEqual(detail.headers, delivery.request.headers);
      assert.equal(detail.truncated, false);
      assert.equal(detail.body_bytes, Buffer.byteLength(detail.body));
    });

    it("is streamed in the same form", async () => {
      const stream = await openEventStream(`${test.url}/api/stream`, {
        authorization: `Bearer ${test.api.key}`,
      });
      await stream.until(() => stream.lastId() !== "");
      await sendTest();
      const isThere = () => stream.events.some(({ type }) => type === "inspector_request");
      await stream.until(isThere);
      assert.deepEqual(
        stream.events.find(({ type }) => type === "inspector_request")?.data,
        (await list())[0],
      );
      stream.close();
    });

    it("explains why a signature is invalid", async () => {
      await choose({ secret: OWN_SECRET });
      await sendTest();
      assert.equal((await newestVerdict()).code, "other_secret");
      await choose({ secret: null });
      await sendTest();
      assert.equal((await newestVerdict()).code, "valid");
      await test.api.patch(path, { signing_secret: null });
      await sendTest();
      const { valid, code, action } = await newestVerdict();
      assert.deepEqual([valid, code], [false, "unsigned"]);
      assert.match(action, /Add a signing secret/);
    });

    it("shows which of two secrets is valid during a rotation", async () => {
      await test.api.patch(path, { signing_secret: "the first secret" });
      const rotated = await test.api.post(`${path}/rotate-secret`, {
        signing_secret: "the second secret",
        overlap_hours: 24,
      });
      assert.equal(rotated.status, 200, rotated.text);
      const verdicts: string[] = [];
      for (const secret of [null, "the first secret", "the second secret"]) {
        await choose({ secret });
        await sendTest();
        const { code, header, secret: by } = await newestVerdict();
        verdicts.push(`${code} ${header} ${by}`);
      }
      assert.deepEqual(verdicts, [
        "valid x-opensend-signature connection",
        "valid x-opensend-signature-previous own",
        "valid x-opensend-signature own",
      ]);
      test.clock.now += DAY + 1000;
      await choose({ secret: "the first secret" });
      await sendTest();
      assert.equal((await newestVerdict()).code, "other_secret", "the rotation is over");
    });

    it("leaks no secret in responses, the audit log or the database", async () => {
      const { settings } = await choose({ secret: OWN_SECRET });
      assert.equal(settings.has_own_secret, true);
      await sendTest();
      const [request] = await list();
      await test.api.get(`/api/inspector/requests/${request.id}`);
      const audit = await test.api.get("/api/audit-log");
      const [entry] = audit.body.data.filter(
        ({ action }: { action: string }) => action === "inspector.updated",
      );
      assert.deepEqual(entry.metadata, { has_own_secret: true });
      const rows = await test.context.store.db.selectFrom("inspector_settings").selectAll().execute();
      const kept = await test.context.store.db.selectFrom("inspector_requests").selectAll().execute();
      const everything = [...test.api.responses, JSON.stringify(rows), JSON.stringify(kept)].join();
      assert.ok(!everything.includes(OWN_SECRET));
      assert.doesNotMatch(everything, /whsec_/);
    });

    it("verifies with a custom secret after the sealing key was rotated, and says when it cannot", async () => {
      await choose({ secret: OWN_SECRET });
      const deps = test.context.services.inspector;
      assert.deepEqual(await resealOwnSecrets(deps), { resealed: 0, current: 1, unreadable: [] });
      const { db } = test.context.store;
      const { sealed_secret: sealed } = await db
        .selectFrom("inspector_settings")
        .select("sealed_secret")
        .executeTakeFirstOrThrow();
      const foreign = String(sealed).replace(/^v1\.[0-9a-f]+/, "v1.00000000");
      await db.updateTable("inspector_settings").set({ sealed_secret: foreign }).execute();
      const { unreadable } = await resealOwnSecrets(deps);
      assert.deepEqual(unreadable, [
        { workspaceId: test.workspaceId, reason: "was sealed with key 00000000, which is not at hand" },
      ]);
      await sendTest();
      assert.equal((await newestVerdict()).code, "secret_unreadable");
    });

    it("is limited by count and by bytes, and keeps the newest requests", async () => {
      const large = JSON.stringify({ text: "é".repeat(60_000) });
      for (let index = 0; index < 130; index++) {
        await test.accept({ type: `flood.n${index}`, dataJson: index % 3 === 0 ? large : "{}" });
      }
      await test.context.engine.worker.tick();
      await until(async () => (await test.delivery(id)).status === "delivered");
      await sendTest();
      const requests = await list();
      assert.equal(requests.length, 50);
      assert.equal(requests[0].event_type, "integration.test");
      const rows = await test.context.store.db.selectFrom("inspector_requests").selectAll().execute();
      assert.equal(rows.length, 50, "the table holds no more");
      const bytes = rows.reduce((sum, row) => sum + Buffer.byteLength(row.body + row.headers), 0);
      assert.ok(bytes <= 2 * 1024 * 1024, String(bytes));
      const cut = requests.find(({ body_bytes }: { body_bytes: number }) => body_bytes > 100_000);
      assert.equal(cut.signature.valid, true, "the whole body was checked");
      const detail = (await test.api.get(`/api/inspector/requests/${cut.id}`)).body.data;
      assert.equal(detail.truncated, true);
      assert.ok(Buffer.byteLength(detail.body) <= 32 * 1024);
      assert.doesNotMatch(detail.body, /\uFFFD/, "no character is cut through");
    });

    it("can be cleared, with an entry in the audit log, and deliveries stay", async () => {
      const { delivery } = await sendTest();
      assert.equal((await list()).length, 1);
      const cleared = await test.api.delete("/api/inspector/requests");
      assert.deepEqual([cleared.status, cleared.body.data], [200, []]);
      assert.deepEqual(await list(), []);
      assert.equal((await test.api.get(`/api/deliveries/${delivery.id}`)).status, 200);
      const audit = await test.api.get("/api/audit-log?action=inspector.cleared");
      assert.equal(audit.body.data.length, 1);
    });

    it("drops requests together with the payload of their event", async () => {
      await sendEvent('{"private":1}');
      test.clock.now += 20 * DAY;
      await sendEvent('{"private":2}');
      assert.equal((await list()).length, 2);
      const pass = async () => {
        while (await test.context.engine.retention.step(test.clock.now));
      };
      test.clock.now += 10 * DAY;
      await pass();
      assert.equal((await list()).length, 2, "thirty days are not over yet");
      test.clock.now += 1;
      await pass();
      const [left, ...others] = await list();
      assert.deepEqual(others, []);
      const detail = (await test.api.get(`/api/inspector/requests/${left.id}`)).body.data;
      assert.match(detail.body, /"private":2/);
    });

    it("contains only requests of its workspace", async () => {
      await choose({ answer: "500" });
      await sendTest();
      const [request] = await list();
      const workspaceId = await test.makeWorkspace();
      const other = new ApiClient(test.url, { key: (await test.makeKey(workspaceId)).key });
      assert.deepEqual(await list(other), []);
      assert.equal((await other.get(`/api/inspector/requests/${request.id}`)).status, 404);
      assert.equal((await other.get("/api/inspector")).body.data.settings.answer, "200");
      const created = await other.post("/api/integrations/inspector");
      await other.post(`/api/integrations/connections/${created.body.data.id}/test`);
      assert.equal((await list(other)).length, 1);
      await other.delete("/api/inspector/requests");
      assert.equal((await list()).length, 1);
      const detail = (await test.api.get(`/api/inspector/requests/${request.id}`)).body.data;
      await test.context.senders.inspector.receive({
        method: "POST",
        url: inspectorUrl(workspaceId),
        headers: detail.headers,
        body: detail.body,
        timeoutMs: 15_000,
      });
      assert.deepEqual(await list(other), [], "its connection does not owe that event");
    });
  });
});
