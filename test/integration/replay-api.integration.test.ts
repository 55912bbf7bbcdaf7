import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { newId } from "../../src/db/new-id.ts";
import { ApiClient, type ApiResponse } from "../support/api-client.ts";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase } from "../support/databases.ts";
import { addUser, keyOfAnotherWorkspace, startInstance, type TestInstance } from "../support/instance.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { type Seed, seedDeliveries } from "../support/seed-deliveries.ts";

const REPLAY = "/api/deliveries/replay";
const REPLAYS = "/api/deliveries/replays";
const HOUR = 60 * 60 * 1000;

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  let receiver: TestReceiver;
  let connectionId: string;

  before(async () => {
    instance = await startInstance(makeDatabase);
    receiver = await startTestReceiver();
    const connected = await instance.api.post("/api/integrations/webhook", {
      webhook_url: `${receiver.url}/hook`,
    });
    connectionId = connected.body.data.id;
    // Paused, so that a replay waits and its state can be read.
    await instance.api.post(`/api/integrations/connections/${connectionId}/pause`);
  });
  after(async () => {
    await instance.remove();
    await receiver.close();
  });

  const seed = async (more: Partial<Seed>) => {
    const store = instance.database.open();
    const { id } = await store.db.selectFrom("workspaces").select("id").executeTakeFirstOrThrow();
    const from = Date.now() - HOUR;
    const whole = { workspaceId: id, connectionId, from, count: 1, responseStatus: 500, ...more };
    const seeded = await seedDeliveries(store.db, whole);
    await store.close();
    return seeded;
  };
  const refused = (response: ApiResponse, status: number, code: string, path?: string) => {
    assert.equal(response.status, status, response.text);
    assert.equal(response.body.code, code);
    if (path === undefined) return;
    assert.ok(
      response.body.errors.some((error: { path: string }) => error.path === path),
      response.text,
    );
  };
  const request = (more: object = {}) => ({ filter: { event_type: "replay.me" }, ...more });

  it("previews, starts, pauses, resumes and stops a replay, with audit entries", async () => {
    const { api, owner } = instance;
    await seed({ count: 30, type: "replay.me" });
    const preview = await api.post(REPLAY, request({ dry_run: true, rate_per_second: 4 }));
    checkResponse("POST", REPLAY, preview);
    assert.equal(preview.status, 200);
    const { count, count_is_exact, rate_per_second, eta_seconds } = preview.body.data;
    assert.deepEqual(
      { count, count_is_exact, rate_per_second, eta_seconds },
      { count: 30, count_is_exact: true, rate_per_second: 4, eta_seconds: null },
    );
    assert.equal(preview.body.data.failing_count, 30, "it is paused");
    assert.deepEqual(
      preview.body.data.causes.map(({ count: of, error_code }: { count: number; error_code: string }) => [
        of,
        error_code,
      ]),
      [[30, "http_status"]],
    );
    assert.ok(preview.body.data.oldest_at < preview.body.data.newest_at);
    assert.deepEqual((await api.get(REPLAYS)).body.data, []);

    const started = await owner.post(REPLAY, request({ rate_per_second: 1 }));
    checkResponse("POST", REPLAY, started);
    assert.equal(started.status, 202, started.text);
    const { id, ...replay } = started.body.data;
    assert.deepEqual([replay.status, replay.total, replay.created_by], ["running", 30, "Ada"]);
    assert.deepEqual(replay.filter, {
      status: ["failed"],
      ids_count: null,
      connection_id: null,
      event_id: null,
      event_type: "replay.me",
      response: null,
      response_status: null,
      error_code: null,
      created_from: null,
      created_before: null,
    });
    for (const [verb, status] of [
      ["pause", /^paused$/],
      // The next step notices that the connection is paused.
      ["resume", /^(running|waiting_for_receiver)$/],
      ["stop", /^stopped$/],
    ] as const) {
      const response = await api.post(`${REPLAYS}/${id}/${verb}`);
      checkResponse("POST", `${REPLAYS}/{id}/${verb}`, response);
      assert.match(response.body.data?.status, status, response.text);
    }
    const again = await api.post(`${REPLAYS}/${id}/stop`);
    checkResponse("POST", `${REPLAYS}/{id}/stop`, again);
    refused(again, 409, "replay_state");
    const read = await api.get(`${REPLAYS}/${id}`);
    checkResponse("GET", `${REPLAYS}/{id}`, read);
    assert.deepEqual([read.body.data.stop_reason, read.body.data.queued], ["manual", 0]);
    const left = await api.get("/api/deliveries?event_type=replay.me&status=failed");
    checkResponse("GET", "/api/deliveries", left);
    assert.equal(left.body.data.length, 30, "all of them are failed again");
    const entries = (await api.get("/api/audit-log")).body.data.filter(
      (entry: { target: { id: string } }) => entry.target.id === id,
    );
    assert.deepEqual(entries.map((entry: { action: string }) => entry.action).toReversed(), [
      "replay.started",
      "replay.paused",
      "replay.resumed",
      "replay.stopped",
    ]);
  });

  it("lists replays, newest first, page by page", async () => {
    const { api } = instance;
    const ids: string[] = [];
    for (let index = 0; index < 3; index++) {
      const { id } = (await api.post(REPLAY, { filter: { event_type: "nobody.knows" } })).body.data;
      ids.unshift(id);
    }
    const first = await api.get(`${REPLAYS}?limit=2`);
    checkResponse("GET", REPLAYS, first);
    const second = await api.get(`${REPLAYS}?limit=2&cursor=${first.body.next_cursor}`);
    const listed = [...first.body.data, ...second.body.data].map((one: { id: string }) => one.id);
    assert.deepEqual(listed.slice(0, 3), ids);
  });

  it("requires write access, and covers only the workspace's own deliveries", async () => {
    const { owner, api, server } = instance;
    const { id } = (await api.post(REPLAY, { filter: { event_type: "nobody.knows" } })).body.data;
    const viewer = await addUser(instance, "viewer");
    const created = await owner.post("/api/api-keys", { name: "Sender", access: "sending_access" });
    const sender = new ApiClient(server.url, { key: created.body.key });
    const outsider = await keyOfAnotherWorkspace(instance);
    for (const client of [viewer, sender]) {
      refused(await client.post(REPLAY, request()), 403, "forbidden");
      refused(await client.post(REPLAY, request({ dry_run: true })), 403, "forbidden");
      refused(await client.post(`${REPLAYS}/${id}/stop`), 403, "forbidden");
    }
    assert.equal((await viewer.get(REPLAYS)).status, 200);
    assert.equal((await viewer.get(`${REPLAYS}/${id}`)).status, 200);
    assert.equal((await viewer.get("/api/integrations/stats")).status, 200);
    for (const path of [REPLAYS, `${REPLAYS}/${id}`, "/api/integrations/stats"]) {
      refused(await sender.get(path), 403, "forbidden");
      refused(await new ApiClient(server.url).get(path), 401, "unauthenticated");
    }
    refused(await outsider.get(`${REPLAYS}/${id}`), 404, "not_found");
    for (const verb of ["pause", "resume", "stop"]) {
      refused(await outsider.post(`${REPLAYS}/${id}/${verb}`), 404, "not_found");
    }
    assert.deepEqual((await outsider.get(REPLAYS)).body.data, []);
    const theirs = await outsider.post(REPLAY, { filter: { connection_id: connectionId }, dry_run: true });
    refused(theirs, 404, "not_found");
    checkResponse("POST", REPLAY, theirs);
    const everything = await outsider.post(REPLAY, { filter: {}, dry_run: true });
    assert.equal(everything.body.data.count, 0);
  });

  it("refuses bad requests", async () => {
    const { api } = instance;
    const cases: readonly [unknown, string][] = [
      [{}, "filter"],
      [{ filter: { status: ["pending"] } }, "filter.status.0"],
      [{ filter: { status: [] } }, "filter.status"],
      [{ filter: { response: "6xx" } }, "filter.response"],
      [{ filter: { created_from: "yesterday" } }, "filter.created_from"],
      [{ filter: { unknown: 1 } }, "filter.unknown"],
      [{ filter: {}, rate_per_second: 0 }, "rate_per_second"],
      [{ filter: {}, rate_per_second: 101 }, "rate_per_second"],
      [{ filter: {}, dry_run: "yes" }, "dry_run"],
    ];
    for (const [body, path] of cases) refused(await api.post(REPLAY, body), 422, "validation_failed", path);
    refused(await api.get(`${REPLAYS}/42`), 400, "invalid_id");
    refused(await api.post(`${REPLAYS}/42/stop`), 400, "invalid_id");
    refused(await api.get(`${REPLAYS}/${newId()}`), 404, "not_found");
    refused(await api.get("/api/deliveries?response=6xx"), 422, "validation_failed", "response");
    refused(await api.get("/api/deliveries?created_from=today"), 422, "validation_failed", "created_from");
    const { next_cursor } = (await api.get("/api/audit-log?limit=1")).body;
    refused(await api.get(`${REPLAYS}?cursor=${next_cursor}`), 400, "invalid_cursor");
  });

  describe("reading", () => {
    it("filters deliveries by response and time", async () => {
      const from = Date.UTC(2026, 0, 2);
      await seed({ count: 3, type: "narrow.me", from, responseStatus: null });
      await seed({ count: 2, type: "narrow.me", from: from + HOUR, responseStatus: 404 });
      const read = async (query: string) => {
        const response = await instance.api.get(`/api/deliveries?event_type=narrow.me&${query}`);
        checkResponse("GET", "/api/deliveries", response);
        return response.body.data.length;
      };
      assert.equal(await read("response=none"), 3);
      assert.equal(await read("response=4xx&status=failed"), 2);
      assert.equal(await read("created_from=2026-01-02T01:00:00Z"), 2);
      assert.equal(await read("created_before=2026-01-02T02:00:00%2B01:00"), 3);
    });

    it("shows that a payload was deleted", async () => {
      const [one] = await seed({ data: "" });
      const event = await instance.api.get(`/api/events/${one?.eventId}`);
      checkResponse("GET", "/api/events/{id}", event);
      assert.deepEqual([event.body.data.data, event.body.data.payload_deleted], [null, true]);
      const delivery = await instance.api.get(`/api/deliveries/${one?.id}`);
      checkResponse("GET", "/api/deliveries/{id}", delivery);
      assert.equal(delivery.body.data.request.body, null);
      const retried = await instance.api.post(`/api/deliveries/${one?.id}/retry`);
      checkResponse("POST", "/api/deliveries/{id}/retry", retried);
      refused(retried, 409, "payload_deleted");
    });

    it("returns statistics of the workspace and of one connection", async () => {
      for (const query of ["", `?connection_id=${connectionId}`]) {
        const response = await instance.api.get(`/api/integrations/stats${query}`);
        checkResponse("GET", "/api/integrations/stats", response);
        assert.equal(response.status, 200, response.text);
        assert.equal(response.body.data.hours.length, 24);
      }
      const outsider = await instance.api.get(`/api/integrations/stats?connection_id=${newId()}`);
      checkResponse("GET", "/api/integrations/stats", outsider);
      refused(outsider, 404, "not_found");
    });
  });
});
