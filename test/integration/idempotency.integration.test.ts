import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { newId } from "../../src/db/new-id.ts";
import { ApiClient, type ApiResponse } from "../support/api-client.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { seedDeliveries } from "../support/seed-deliveries.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";
import { until } from "../support/until.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const CONNECT = "/api/integrations/webhook";
/** With this type, the receiver gets only tests. */
const UNUSED_TYPE = "never.sent";
const SECRETS = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_NewNewNewNewNewNewNewNewNewNewNe"];

const IN_USE = "idempotency_key_in_use";
/** A different body for each call that has one. */
const OTHER_BODIES: Record<string, unknown> = {
  event: { type: "order.paid", data: { a: 1 } },
  connect: { name: "Twice", webhook_url: "https://hooks.zapier.com/hooks/catch/1/a" },
  batch: [{ type: "a", data: {} }],
  replay: { filter: {} },
  rotate: { signing_secret: "another secret to rotate to" },
};

/** A request to a call that honors the key, and a count of its effects. */
type Prepared = {
  readonly path: string;
  readonly body?: unknown;
  readonly effects: () => Promise<number>;
  /** For a call that names its object in the path: the path of another object. */
  readonly otherPath?: string;
};

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let app: ServedApp;
  let receiver: TestReceiver;
  let connectionId: string;
  /** Nothing is sent to a paused connection, so its pending deliveries stay unchanged. */
  let pausedId: string;

  before(async () => {
    [database, receiver] = await Promise.all([makeDatabase(), startTestReceiver()]);
    app = await serveTestApp(database);
    [connectionId, pausedId] = [await connect(), await connect()];
    await app.api.post(`/api/integrations/connections/${pausedId}/pause`);
  });
  after(async () => {
    await Promise.all([app.close(), receiver.close()]);
    await database.remove();
  });
  const db = () => app.context.store.db;
  const connect = () =>
    app.connect({
      webhookUrl: `${receiver.url}/hook`,
      signingSecret: SECRETS[0] ?? null,
      eventTypes: [UNUSED_TYPE],
    });
  const post = ({ path, body }: Pick<Prepared, "path" | "body">, key: string) =>
    app.api.post(path, body, { "idempotency-key": key });
  const connectBody = (name = "Once") => ({
    name,
    webhook_url: `${receiver.url}/hook`,
    event_types: [UNUSED_TYPE],
  });
  const seed = async (status: "failed" | "pending", count: number) => {
    const from = app.clock.now - 1000;
    const to = { workspaceId: app.workspaceId, connectionId: pausedId };
    return (await seedDeliveries(db(), { ...to, count, status, from })).map(({ id }) => id);
  };
  const audited = async (action: string, targetId: string | null) => {
    const query = db().selectFrom("audit_entries").select("id").where("action", "=", action);
    return (await (targetId === null ? query : query.where("target_id", "=", targetId)).execute()).length;
  };
  const counts = async (count: () => Promise<number>) => {
    const earlier = await count();
    return async () => (await count()) - earlier;
  };
  const isReplayed = (response: ApiResponse) => response.headers.get("idempotent-replayed") === "true";

  const deliveryCall = async (verb: "retry" | "cancel"): Promise<Prepared> => {
    const [id, other] = await seed(verb === "retry" ? "failed" : "pending", 2);
    const action = verb === "retry" ? "delivery.retried" : "delivery.cancelled";
    return {
      path: `/api/deliveries/${id}/${verb}`,
      otherPath: `/api/deliveries/${other}/${verb}`,
      effects: () => audited(action, id ?? ""),
    };
  };
  const events = (body: unknown, path: string): Promise<Prepared> =>
    counts(async () => (await db().selectFrom("events").select("id").execute()).length).then((effects) => ({
      path,
      body,
      effects,
    }));
  const CALLS: Record<string, { status: number; effects: number; prepare: () => Promise<Prepared> }> = {
    connect: {
      status: 201,
      effects: 1,
      prepare: async () => ({
        path: CONNECT,
        body: connectBody(),
        effects: await counts(() => audited("connection.connected", null)),
      }),
    },
    event: {
      status: 202,
      effects: 1,
      prepare: () => events({ type: "order.paid", data: {} }, "/api/events"),
    },
    batch: {
      status: 202,
      effects: 2,
      prepare: () =>
        events(
          [
            { type: "a", data: {} },
            { type: "b", data: {} },
          ],
          "/api/events/batch",
        ),
    },
    replay: {
      status: 202,
      effects: 1,
      prepare: async () => ({
        path: "/api/deliveries/replay",
        body: { filter: { connection_id: pausedId } },
        effects: await counts(async () => (await db().selectFrom("replays").select("id").execute()).length),
      }),
    },
    retry: { status: 200, effects: 1, prepare: () => deliveryCall("retry") },
    cancel: { status: 200, effects: 1, prepare: () => deliveryCall("cancel") },
    rotate: {
      status: 200,
      effects: 1,
      prepare: async () => {
        const [id, other] = [await connect(), await connect()];
        return {
          path: `/api/integrations/connections/${id}/rotate-secret`,
          otherPath: `/api/integrations/connections/${other}/rotate-secret`,
          body: { signing_secret: SECRETS[1] },
          effects: () => audited("connection.secret_rotated", id),
        };
      },
    },
    test: {
      status: 200,
      effects: 1,
      prepare: async () => {
        const other = await connect();
        return {
          path: `/api/integrations/connections/${connectionId}/test`,
          otherPath: `/api/integrations/connections/${other}/test`,
          effects: await counts(async () => receiver.received.length),
        };
      },
    },
  };

  for (const [name, { status, effects, prepare }] of Object.entries(CALLS)) {
    describe(`a call that honors the key: ${name}`, () => {
      it("acts once, and returns the same object for a repeat", async () => {
        const call = await prepare();
        const [first, again] = [await post(call, `${name}-twice`), await post(call, `${name}-twice`)];
        assert.deepEqual([first.status, again.status], [status, status], again.text);
        assert.deepEqual([isReplayed(first), isReplayed(again)], [false, true]);
        assert.deepEqual(again.body, first.body);
        assert.equal(await call.effects(), effects);
      });

      it("acts once for concurrent repeats", async () => {
        const call = await prepare();
        const responses = await Promise.all([1, 2, 3, 4].map(() => post(call, `${name}-concurrent`)));
        assert.equal(await call.effects(), effects);
        assert.equal(responses.filter((one) => one.status === status && !isReplayed(one)).length, 1);
        // The call waits for the test's result, so repeats can arrive while it is in flight.
        const isRepeat = (one: ApiResponse) =>
          one.status === status ? isReplayed(one) : name === "test" && one.body.code === IN_USE;
        assert.equal(responses.filter(isRepeat).length, 3, responses.map(({ text }) => text).join("\n"));
      });

      it("refuses the key with another body, another object or another call", async () => {
        const call = await prepare();
        assert.equal((await post(call, `${name}-other`)).status, status);
        const elsewhere =
          name === "connect"
            ? { path: "/api/events", body: OTHER_BODIES["event"] }
            : { path: CONNECT, body: connectBody() };
        const others = [
          elsewhere,
          { path: call.path, body: OTHER_BODIES[name] ?? {} },
          ...(call.otherPath === undefined ? [] : [{ path: call.otherPath, body: call.body }]),
        ];
        for (const other of others)
          refused(await post(other, `${name}-other`), 409, "idempotency_key_reused");
        assert.equal(await call.effects(), effects);
      });

      it("forgets the key after 24 hours", async () => {
        const call = await prepare();
        const key = `${name}-day`;
        const first = await post(call, key);
        app.clock.now += DAY_MS - 1;
        assert.ok(isReplayed(await post(call, key)));
        app.clock.now += 1;
        // Then the call acts again, or is refused because of the delivery's state.
        const late = await post(call, key);
        assert.equal(isReplayed(late), false);
        if (name === "retry" || name === "cancel") return refused(late, 409, "delivery_state");
        assert.equal(late.status, first.status, late.text);
        assert.equal(await call.effects(), name === "rotate" ? effects : 2 * effects);
        assert.ok(isReplayed(await post(call, key)), "the later request is kept in its turn");
      });
    });
  }
  describe("a repeat", () => {
    it("returns the object in its current state", async () => {
      const connecting = { path: CONNECT, body: connectBody() };
      const connected = await post(connecting, "since-1");
      const path = `/api/integrations/connections/${connected.body.data.id}`;
      await app.api.delete(path);
      const again = await post(connecting, "since-1");
      assert.equal(again.status, 201);
      assert.deepEqual([isReplayed(again), again.body.data.status], [true, "disconnected"]);
      assert.deepEqual(again.body, (await app.api.get(path)).body);
      assert.notEqual(again.headers.get("etag"), connected.headers.get("etag"));

      const replaying = await CALLS["replay"]?.prepare();
      const replay = await post(replaying ?? assert.fail(), "since-2");
      await app.api.post(`/api/deliveries/replays/${replay.body.data.id}/stop`);
      assert.equal((await post(replaying ?? assert.fail(), "since-2")).body.data.status, "stopped");

      const [id] = await seed("failed", 1);
      const retrying = { path: `/api/deliveries/${id}/retry` };
      assert.equal((await post(retrying, "since-3")).body.data.status, "pending");
      await app.api.post(`/api/deliveries/${id}/cancel`);
      const retried = await post(retrying, "since-3");
      assert.deepEqual([retried.status, retried.body.data.status], [200, "cancelled"]);
    });

    it("of a rotation keeps a secret that was set later", async () => {
      const id = await connect();
      const path = `/api/integrations/connections/${id}`;
      const rotating = {
        path: `${path}/rotate-secret`,
        body: { signing_secret: SECRETS[1], overlap_hours: 0 },
      };
      await post(rotating, "rotate-later");
      await app.api.patch(path, { signing_secret: "set by hand since" });
      const now = await app.api.get(path);
      const again = await post(rotating, "rotate-later");
      assert.ok(isReplayed(again));
      assert.deepEqual(again.body, now.body);
      assert.equal(again.headers.get("etag"), now.headers.get("etag"));
    });

    it("of a request whose object was deleted says that the request had succeeded", async () => {
      const [id = ""] = await seed("failed", 1);
      const call = { path: `/api/deliveries/${id}/retry` };
      await post(call, "deleted");
      await db().deleteFrom("deliveries").where("id", "=", id).execute();
      const again = await post(call, "deleted");
      refused(again, 404, "not_found");
      assert.match(again.body.detail, /succeeded.*deleted since/);
    });

    it("counts only within its workspace", async () => {
      const other = await app.makeKey(await app.makeWorkspace());
      const outsider = new ApiClient(app.url, { key: other.key });
      const headers = { "idempotency-key": "shared" };
      const own = await app.api.post(CONNECT, connectBody("Ours"), headers);
      const theirs = await outsider.post(CONNECT, connectBody("Theirs"), headers);
      assert.deepEqual([own.status, theirs.status], [201, 201]);
      assert.equal(theirs.body.data.name, "Theirs");
    });
  });

  describe("a request with a key", () => {
    it("is a different request if only the call differs", async () => {
      const [id] = await seed("failed", 1);
      assert.equal((await post({ path: `/api/deliveries/${id}/retry` }, "route")).status, 200);
      refused(await post({ path: `/api/deliveries/${id}/cancel` }, "route"), 409, "idempotency_key_reused");
    });

    it("succeeds although others change the object concurrently", async () => {
      for (let round = 0; round < 5; round++) {
        const id = await connect();
        const path = `/api/integrations/connections/${id}`;
        const rotating = { path: `${path}/rotate-secret`, body: { signing_secret: SECRETS[1] } };
        const rename = (name: number) => app.api.patch(path, { name: `Name ${name}` });
        const [rotated] = await Promise.all([
          post(rotating, `race-${round}`),
          ...[1, 2, 3, 4, 5, 6].map(rename),
        ]);
        assert.deepEqual([rotated?.status, isReplayed(rotated ?? assert.fail())], [200, false]);
        assert.equal(await audited("connection.secret_rotated", id), 1);
      }
    });
  });

  describe("a refused request leaves its key unused", () => {
    it("whether it was invalid, found nothing or came in the wrong state", async () => {
      const key = "corrected";
      refused(await post({ path: CONNECT, body: { name: "" } }, key), 422, "validation_failed");
      refused(
        await post({ path: CONNECT, body: { webhook_url: "https://10.0.0.1/x" } }, key),
        422,
        "unsafe_url",
      );
      refused(await post({ path: `/api/deliveries/${newId()}/retry` }, key), 404, "not_found");
      const [id] = await seed("pending", 1);
      refused(await post({ path: `/api/deliveries/${id}/retry` }, key), 409, "delivery_state");
      const gone = await connect();
      await app.api.delete(`/api/integrations/connections/${gone}`);
      refused(await post({ path: `/api/integrations/connections/${gone}/test` }, key), 409, "not_connected");
      const rotating = { path: `/api/integrations/connections/${gone}/rotate-secret` };
      refused(await post({ ...rotating, body: { signing_secret: SECRETS[1] } }, key), 409, "not_connected");
      const replaying = { path: "/api/deliveries/replay", body: { filter: { connection_id: newId() } } };
      refused(await post(replaying, key), 404, "not_found");
      const corrected = await post({ path: CONNECT, body: connectBody() }, key);
      assert.deepEqual([corrected.status, isReplayed(corrected)], [201, false]);
    });
  });

  describe("a key", () => {
    it("is refused if malformed", async () => {
      for (const key of ["two words", "", "k".repeat(256), "é"]) {
        for (const path of [CONNECT, `/api/integrations/connections/${connectionId}/test`])
          refused(await post({ path, body: connectBody() }, key), 422, "validation_failed");
      }
    });

    it("is refused with a dry run, and stays unused", async () => {
      const body = { filter: {}, dry_run: true };
      refused(await post({ path: "/api/deliveries/replay", body }, "dry"), 400, "idempotency_not_supported");
      assert.equal((await post({ path: CONNECT, body: connectBody() }, "dry")).status, 201);
    });
  });

  describe("a test that is still under way", () => {
    const waiting: ServerResponse[] = [];
    beforeEach(() => {
      receiver.respond = (response) => waiting.push(response);
    });
    afterEach(() => {
      for (const response of waiting.splice(0)) response.end("late");
      receiver.respond = (response) => response.end("prompt");
    });

    it("is not sent a second time, and its result can be requested afterwards", async () => {
      const call = { path: `/api/integrations/connections/${connectionId}/test` };
      const sent = receiver.received.length;
      const first = post(call, "under-way");
      await until(() => waiting.length === 1);
      const meanwhile = await post(call, "under-way");
      refused(meanwhile, 409, "idempotency_key_in_use");
      assert.equal(meanwhile.headers.get("retry-after"), "2");
      refused(await post({ ...call, body: {} }, "under-way"), 409, "idempotency_key_reused");
      waiting.splice(0)[0]?.writeHead(418).end("short and stout");
      const result = await first;
      assert.deepEqual([result.status, result.body.delivery.ok], [200, false]);
      const again = await post(call, "under-way");
      assert.ok(isReplayed(again));
      assert.deepEqual(again.body, result.body);
      assert.equal(again.body.delivery.response.body, "short and stout");
      assert.equal(receiver.received.length, sent + 1);
    });
  });

  function refused(response: ApiResponse, status: number, code: string): void {
    assert.deepEqual([response.status, response.body.code], [status, code], response.text);
    assert.equal(isReplayed(response), false);
  }
});
