import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { recordAudit } from "../../src/audit/record-audit.ts";
import { newId } from "../../src/db/new-id.ts";
import { ApiClient } from "../support/api-client.ts";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { seedDeliveries } from "../support/seed-deliveries.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";

const HOUR = 60 * 60 * 1000;

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let app: ServedApp;
  let receiver: TestReceiver;
  beforeEach(async () => {
    [database, receiver] = await Promise.all([makeDatabase(), startTestReceiver()]);
    app = await serveTestApp(database);
  });
  afterEach(async () => {
    await app.close();
    await Promise.all([database.remove(), receiver.close()]);
  });

  const response = (status: number, headers: Record<string, string> = {}) => {
    receiver.respond = (response) => void response.writeHead(status, headers).end();
  };
  /** Sends one event and returns the id of its delivery. */
  const send = async (connectionId: string, type: string, data: object = {}) => {
    app.clock.now += HOUR;
    await app.accept({ type, dataJson: JSON.stringify(data) });
    await app.context.engine.worker.tick();
    return (await app.delivery(connectionId)).id;
  };
  const compare = async (id: string) => {
    const found = await app.api.get(`/api/deliveries/${id}/comparison`);
    assert.equal(found.status, 200, found.text);
    checkResponse("GET", "/api/deliveries/{id}/comparison", found);
    return found.body;
  };
  const connect = () =>
    app.connect({ webhookUrl: `${receiver.url}/hook/token-in-path`, signingSecret: "a-signing-secret" });

  describe("the comparison with the last success", () => {
    it("shows what the receiver does differently when nothing changed on our side", async () => {
      const connectionId = await connect();
      response(200, { server: "one" });
      const worked = await send(connectionId, "order.paid", { n: 1 });
      response(500, { server: "two" });
      const failed = await send(connectionId, "order.paid", { n: 2 });
      const { data, reason } = await compare(failed);
      assert.equal(reason, null);
      assert.equal(data.last_success.delivery_id, worked);
      assert.deepEqual(data.connection_changes, []);
      assert.deepEqual(data.differences, [
        { side: "receiver", part: "response_status", name: null, before: "200", after: "500" },
        { side: "receiver", part: "response_header", name: "server", before: "one", after: "two" },
      ]);
    });

    it("names who changed what about the connection in between, without secrets", async () => {
      const connectionId = await connect();
      response(200);
      await send(connectionId, "order.paid", { n: 1 });
      app.clock.now += HOUR;
      const path = `/api/integrations/connections/${connectionId}`;
      await app.api.patch(path, { webhook_url: `${receiver.url}/other/new-token`, signing_secret: null });
      await app.api.post(`${path}/pause`);
      await app.api.post(`${path}/resume`);
      response(401);
      const failed = await send(connectionId, "order.paid", { n: "a private value", more: [] });
      app.clock.now += HOUR;
      await app.api.patch(path, { name: "Renamed later" });
      const { data } = await compare(failed);
      const changes: { action: string; fields: string[]; by: object }[] = data.connection_changes;
      assert.deepEqual(changes.map(({ action, fields }) => [action, ...fields].join(" ")).toSorted(), [
        "connection.paused",
        "connection.resumed",
        "connection.updated webhook_url signing_secret",
      ]);
      assert.deepEqual(changes[0]?.by, { kind: "api_key", name: "Test" });
      const ours = data.differences.filter(({ side }: { side: string }) => side === "sender");
      assert.deepEqual(
        ours.map(({ part, name, before, after }: Record<string, string | null>) => [
          part,
          name,
          before,
          after,
        ]),
        [
          ...["webhook-signature", "webhook-timestamp", "x-opensend-signature", "x-opensend-timestamp"].map(
            (name) => ["request_header", name, "present", null],
          ),
          ["body_member", "n", "number", "string"],
          ["body_member", "more", null, "array"],
        ],
      );
      const text = JSON.stringify(data);
      for (const secret of ["token-in-path", "new-token", "a-signing-secret", "a private value"]) {
        assert.ok(!text.includes(secret), secret);
      }
    });

    it("lists a change of the connection, however many tests followed it", async () => {
      const connectionId = await connect();
      response(200);
      await send(connectionId, "order.paid");
      app.clock.now += HOUR;
      await app.api.patch(`/api/integrations/connections/${connectionId}`, { name: "Renamed" });
      const target = { kind: "connection", id: connectionId } as const;
      const actor = { kind: "cli", id: null, name: "Test", address: null } as const;
      for (let n = 0; n < 22; n++) {
        app.clock.now += 1;
        const { db } = app.context.store;
        const entry = { actor: { ...actor, workspaceId: app.workspaceId }, target, metadata: {} };
        await recordAudit(db, { ...entry, action: "connection.tested" }, app.clock.now);
      }
      response(500);
      const { data } = await compare(await send(connectionId, "order.paid"));
      assert.deepEqual(
        data.connection_changes.map(({ action }: { action: string }) => action),
        ["connection.updated"],
      );
      assert.equal(data.has_more_changes, false);
    });

    it("prefers a success of the same event type to a newer one of another type", async () => {
      const connectionId = await connect();
      response(200);
      const paid = await send(connectionId, "order.paid");
      const created = await send(connectionId, "user.created");
      response(500);
      assert.equal(
        (await compare(await send(connectionId, "order.paid"))).data.last_success.delivery_id,
        paid,
      );
      const other = (await compare(await send(connectionId, "order.lost"))).data;
      assert.equal(other.last_success.delivery_id, created);
      assert.deepEqual(other.differences[0], {
        side: "sender",
        part: "event_type",
        name: null,
        before: "user.created",
        after: "order.lost",
      });
    });

    it("uses the delivery's own success when it was replayed", async () => {
      const connectionId = await connect();
      response(200);
      const id = await send(connectionId, "order.paid");
      response(503);
      app.clock.now += HOUR;
      assert.equal((await app.api.post(`/api/deliveries/${id}/retry`)).status, 200);
      await app.context.engine.worker.tick();
      const { data } = await compare(id);
      assert.deepEqual([data.last_success.delivery_id, data.last_success.attempt_number], [id, 1]);
      assert.equal(data.failure.attempt_number, 2);
    });

    it("finds the last success behind a backlog longer than one page", async () => {
      const connectionId = await connect();
      response(200);
      const worked = await send(connectionId, "order.paid");
      response(500);
      await send(connectionId, "order.paid");
      const { db } = app.context.store;
      const seed = {
        workspaceId: app.workspaceId,
        connectionId,
        from: app.clock.now + 1,
        responseStatus: 500,
      };
      await seedDeliveries(db, { ...seed, count: 10_500, type: "order.paid" });
      const failed = await send(connectionId, "order.paid");
      assert.equal((await compare(failed)).data?.last_success.delivery_id, worked);
    });

    it("does not claim that nothing was ever delivered when the last success is further back than it searches", async () => {
      const connectionId = await connect();
      response(200);
      await send(connectionId, "order.paid");
      const { db } = app.context.store;
      const seed = { workspaceId: app.workspaceId, connectionId, responseStatus: 500 };
      await seedDeliveries(db, { ...seed, from: app.clock.now + 1, count: 10_001, type: "order.paid" });
      response(500);
      const failed = await send(connectionId, "order.paid");
      assert.deepEqual(await compare(failed), {
        object: "delivery_comparison",
        data: null,
        reason: "not_delivered_lately",
      });
    });

    it("gives the reason when there is none", async () => {
      const connectionId = await connect();
      response(500);
      const never = await send(connectionId, "order.paid");
      assert.deepEqual(await compare(never), {
        object: "delivery_comparison",
        data: null,
        reason: "never_delivered",
      });
      response(200);
      const other = await connect();
      const worked = await send(other, "order.paid");
      assert.equal((await compare(worked)).reason, "has_not_failed");
      response(500);
      const failed = await send(other, "order.paid");
      const { db } = app.context.store;
      await db.deleteFrom("attempts").where("delivery_id", "=", worked).execute();
      assert.equal((await compare(failed)).reason, "details_deleted");
    });

    it("exists only for deliveries of the caller's workspace", async () => {
      const connectionId = await connect();
      response(500);
      const failed = await send(connectionId, "order.paid");
      const { key } = await app.makeKey(await app.makeWorkspace());
      const outsider = new ApiClient(app.url, { key });
      assert.equal((await outsider.get(`/api/deliveries/${failed}/comparison`)).body.code, "not_found");
      assert.equal((await app.api.get(`/api/deliveries/${newId()}/comparison`)).status, 404);
      assert.equal((await app.api.get("/api/deliveries/1/comparison")).status, 400);
    });
  });
});
