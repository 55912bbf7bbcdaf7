import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { seedSteadyHours } from "../support/seed-hours.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let app: ServedApp;
  let receiver: TestReceiver;
  let connectionId: string;
  beforeEach(async () => {
    [database, receiver] = await Promise.all([makeDatabase(), startTestReceiver()]);
    app = await serveTestApp(database);
    connectionId = await app.connect({ webhookUrl: `${receiver.url}/hook` });
    await seedSteadyHours(app.context.store, connectionId, {
      from: app.clock.now - 24 * DAY,
      to: app.clock.now - 3 * DAY,
    });
  });
  afterEach(async () => {
    await app.close();
    await Promise.all([database.remove(), receiver.close()]);
  });

  const silenceOf = async (query = "") => {
    const response = await app.api.get(`/api/integrations/stats${query}`);
    assert.equal(response.status, 200, response.text);
    checkResponse("GET", "/api/integrations/stats", response);
    return response.body.data.silence;
  };

  describe("the silence of a connection", () => {
    it("is reported for it and its workspace, with the usual rate", async () => {
      for (const query of ["", `?connection_id=${connectionId}`]) {
        const silence = await silenceOf(query);
        assert.equal(Math.round(silence.events_per_day), 48);
        const silentMs = app.clock.now - Date.parse(silence.since);
        assert.ok(silentMs > 3 * DAY && silentMs < 3 * DAY + 2 * HOUR);
      }
    });

    it("ends with the next event", async () => {
      await app.accept({ type: "a.b" });
      await app.context.engine.worker.tick();
      app.clock.now += 2_000;
      await app.context.engine.worker.tick();
      await app.context.engine.worker.stop();
      await app.context.engine.folder.foldAll();
      assert.equal(await silenceOf(`?connection_id=${connectionId}`), null);
    });

    it("is not reported while it is paused or disconnected, or for a connection without earlier deliveries", async () => {
      const other = await app.connect({ webhookUrl: `${receiver.url}/other` });
      assert.equal(await silenceOf(`?connection_id=${other}`), null);
      const path = `/api/integrations/connections/${connectionId}`;
      await app.api.post(`${path}/pause`);
      assert.equal(await silenceOf(), null);
      await app.api.post(`${path}/resume`);
      assert.ok(await silenceOf());
      await app.api.delete(path);
      assert.equal(await silenceOf(), null);
    });

    it("is not reported for its workspace while another connection has deliveries", async () => {
      const busy = await app.connect({ webhookUrl: `${receiver.url}/busy` });
      const { now } = app.clock;
      await seedSteadyHours(app.context.store, busy, { from: now - 24 * DAY, to: now });
      assert.equal(await silenceOf(), null);
      assert.ok(await silenceOf(`?connection_id=${connectionId}`));
    });
  });
});
