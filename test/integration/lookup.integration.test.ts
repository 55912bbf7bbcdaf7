import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { newId } from "../../src/db/new-id.ts";
import type { ApiClient } from "../support/api-client.ts";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase } from "../support/databases.ts";
import { addUser, keyOfAnotherWorkspace, startInstance, type TestInstance } from "../support/instance.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  let receiver: TestReceiver;
  let outsider: ApiClient;
  /** The result for each id. */
  let known: { type: string; id: string; title: string; path: string }[];

  before(async () => {
    [instance, receiver] = await Promise.all([startInstance(makeDatabase), startTestReceiver()]);
    const { owner } = instance;
    const input = { name: "Zapier 100%", webhook_url: `${receiver.url}/hook` };
    const connection = (await owner.post("/api/integrations/webhook", input)).body.data;
    const tested = await owner.post(`/api/integrations/connections/${connection.id}/test`);
    const delivery = (await owner.get("/api/deliveries")).body.data[0];
    const replay = (await owner.post("/api/deliveries/replay", { filter: {} })).body.data;
    const apiKey = (await owner.get("/api/api-keys")).body.data[0];
    assert.equal(tested.status, 200);
    const page = `/deliveries/${delivery.id}`;
    known = [
      {
        type: "event",
        id: delivery.event_id,
        title: "integration.test",
        path: `/events/${delivery.event_id}`,
      },
      { type: "delivery", id: delivery.id, title: "integration.test to Zapier 100%", path: page },
      {
        type: "replay",
        id: replay.id,
        title: `Replay of ${replay.total} ${replay.total === 1 ? "delivery" : "deliveries"}`,
        path: `/deliveries/replays/${replay.id}`,
      },
      {
        type: "connection",
        id: connection.id,
        title: "Zapier 100%",
        path: `/integrations/connections/${connection.id}`,
      },
      { type: "api_key", id: apiKey.id, title: "Tests", path: "/api-keys" },
    ];
    outsider = await keyOfAnotherWorkspace(instance);
  });
  after(async () => {
    await instance.remove();
    await receiver.close();
  });

  const lookUp = async (client: ApiClient, id: string) => {
    const response = await client.get(`/api/lookup/${id}`);
    checkResponse("GET", "/api/lookup/{id}", response);
    return response;
  };

  describe("looking an id up", () => {
    it("returns the type, title and page of its object", async () => {
      const viewer = await addUser(instance, "viewer");
      for (const one of known) {
        for (const client of [instance.owner, instance.api, viewer]) {
          const { status, body } = await lookUp(client, one.id);
          assert.equal(status, 200);
          assert.deepEqual(body, { object: "list", data: [one], has_more: false, next_cursor: null });
        }
        assert.deepEqual((await lookUp(instance.api, one.id.toUpperCase())).body.data, [one]);
      }
    });

    it("finds nothing in other workspaces, and nothing for unknown ids", async () => {
      for (const { id, type } of known) {
        const { status, body } = await lookUp(outsider, id);
        assert.equal(status, 200);
        assert.deepEqual(body.data, [], type);
      }
      assert.deepEqual((await lookUp(instance.owner, newId())).body.data, []);
    });

    it("is refused for a sending key and for an invalid id", async () => {
      const created = await instance.owner.post("/api/api-keys", {
        name: "Sender",
        access: "sending_access",
      });
      const sent = await instance.api.get(`/api/lookup/${newId()}`, {
        authorization: `Bearer ${created.body.key}`,
      });
      assert.equal(sent.status, 403);
      const bad = await lookUp(instance.owner, "order.paid");
      assert.equal(bad.status, 400);
      assert.equal(bad.body.code, "invalid_id");
    });
  });

  describe("connections", () => {
    it("are found by part of their name or host, ignoring case, without wildcards", async () => {
      const { owner } = instance;
      await owner.post("/api/integrations/webhook", {
        name: "Zapier 1000",
        webhook_url: "https://hooks.zapier.com/hooks/catch/1/abc",
      });
      const namesFor = async (q: string) => {
        const { status, body } = await owner.get(`/api/integrations/connections?q=${encodeURIComponent(q)}`);
        assert.equal(status, 200);
        return body.data.map(({ name }: { name: string }) => name);
      };
      assert.deepEqual(await namesFor("zAPIER"), ["Zapier 1000", "Zapier 100%"]);
      assert.deepEqual(await namesFor("100%"), ["Zapier 100%"]);
      assert.deepEqual(await namesFor("zapier_100"), []);
      assert.deepEqual(await namesFor("hooks.zapier"), ["Zapier 1000"]);
      assert.deepEqual(await namesFor("catch"), [], "the path of a webhook URL is a credential");
      assert.deepEqual(await namesFor("\\"), []);
      assert.equal((await owner.get("/api/integrations/connections?q=")).status, 422);
      assert.deepEqual((await outsider.get("/api/integrations/connections?q=zapier")).body.data, []);
    });
  });
});
