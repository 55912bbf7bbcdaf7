import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { checkAnswer } from "../support/check-answer.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { seedHours } from "../support/seed-hours.ts";
import { type ServedHouse, serveHouse } from "../support/served-house.ts";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let house: ServedHouse;
  let receiver: TestReceiver;
  let connectionId: string;
  beforeEach(async () => {
    [database, receiver] = await Promise.all([makeDatabase(), startTestReceiver()]);
    house = await serveHouse(database);
    connectionId = await house.connect({ webhookUrl: `${receiver.url}/hook` });
    await seedHours(house.house.store.db, connectionId, {
      from: house.clock.now - 24 * DAY,
      to: house.clock.now - 3 * DAY,
    });
  });
  afterEach(async () => {
    await house.close();
    await Promise.all([database.remove(), receiver.close()]);
  });

  const silenceOf = async (query = "") => {
    const answer = await house.api.get(`/api/integrations/stats${query}`);
    assert.equal(answer.status, 200, answer.text);
    checkAnswer("GET", "/api/integrations/stats", answer);
    return answer.body.data.silence;
  };

  describe("the silence of a connection", () => {
    it("is told of it and of its workspace, with what was usual", async () => {
      for (const query of ["", `?connection_id=${connectionId}`]) {
        const silence = await silenceOf(query);
        assert.equal(Math.round(silence.events_per_day), 48);
        const silentMs = house.clock.now - Date.parse(silence.since);
        assert.ok(silentMs > 3 * DAY && silentMs < 3 * DAY + 2 * HOUR);
      }
    });

    it("ends with the next event", async () => {
      await house.accept({ type: "a.b" });
      await house.house.worker.tick();
      house.clock.now += 2_000;
      await house.house.worker.tick();
      await house.house.worker.stop();
      assert.equal(await silenceOf(`?connection_id=${connectionId}`), null);
    });

    it("is not told while it is paused or disconnected, nor of a connection beside it", async () => {
      const other = await house.connect({ webhookUrl: `${receiver.url}/other` });
      assert.equal(await silenceOf(`?connection_id=${other}`), null);
      const path = `/api/integrations/connections/${connectionId}`;
      await house.api.post(`${path}/pause`);
      assert.equal(await silenceOf(), null);
      await house.api.post(`${path}/resume`);
      assert.ok(await silenceOf());
      await house.api.delete(path);
      assert.equal(await silenceOf(), null);
    });

    it("of a workspace is none while another of its connections is sent to", async () => {
      const busy = await house.connect({ webhookUrl: `${receiver.url}/busy` });
      const { now } = house.clock;
      await seedHours(house.house.store.db, busy, { from: now - 24 * DAY, to: now });
      assert.equal(await silenceOf(), null);
      assert.ok(await silenceOf(`?connection_id=${connectionId}`));
    });
  });
});
