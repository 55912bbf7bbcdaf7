import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import { pino } from "pino";
import { VERSION } from "../../src/compose.ts";
import { composeEngine } from "../../src/composition/engine.ts";
import { createSend } from "../../src/composition/inspector.ts";
import { loadOptions } from "../../src/config/load.ts";
import { sweepLeases } from "../../src/delivery/sweep.ts";
import { update } from "../../src/integrations/update.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { openHouse, type TestHouse } from "../support/house.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { until } from "../support/until.ts";

const SECOND = 1000;
const DEADLINE_MS = 15 * SECOND;
const LEASE_MS = 30 * SECOND;
const ONE_AT_A_TIME = { ordered: false, concurrency: 1, rateLimitPerMinute: null };

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let test: TestHouse;
  let second: TestHouse;
  let receiver: TestReceiver;
  let held: ((status: number) => void)[];

  beforeEach(async () => {
    database = await makeDatabase();
    test = await openHouse(database);
    second = await openHouse(database);
    receiver = await startTestReceiver();
    held = [];
  });
  afterEach(async () => {
    await second.close();
    await test.close();
    await receiver.close();
    await database.remove();
  });

  const hold = () => {
    receiver.answer = (response) => void held.push((status) => response.writeHead(status).end());
  };
  const deliveries = async () =>
    test.house.store.db
      .selectFrom("deliveries")
      .select(["id", "status", "lease_holder", "lease_expires_at", "attempt_count"])
      .orderBy("created_at")
      .orderBy("id")
      .execute();
  const areAllLeased = async () => (await deliveries()).every(({ status }) => status === "delivering");
  const accept = async (count: number) => {
    for (let index = 0; index < count; index++) {
      await test.accept({ type: "a.b" });
      test.clock.now += 1;
    }
  };
  /** The first house has one under way and one leased ahead, both of which the second one has taken over. */
  const takeOver = async () => {
    await test.connect({ webhookUrl: `${receiver.url}/hook`, limits: ONE_AT_A_TIME });
    hold();
    await accept(2);
    const first = test.house.worker.tick();
    await until(() => held.length === 1);
    await until(areAllLeased);
    test.clock.now += LEASE_MS + SECOND;
    second.clock.now = test.clock.now;
    assert.equal((await sweepLeases(test.house.store.db, test.clock.now)).returned, 2);
    const other = second.house.worker.tick();
    await until(() => held.length === 2);
    const rows = await deliveries();
    const [holder] = rows.map((row) => row.lease_holder);
    assert.ok(rows.every((row) => row.status === "delivering" && row.lease_holder === holder));
    return { first, other, rows };
  };
  const finish = async (other: Promise<void>) => {
    receiver.answer = (response) => void response.writeHead(200).end();
    held[1]?.(200);
    await other;
    assert.deepEqual(
      (await deliveries()).map(({ status }) => status),
      ["delivered", "delivered"],
    );
  };

  it("does not send a delivery of whose lease too little is left, but leases it anew", async () => {
    await test.connect({ webhookUrl: `${receiver.url}/hook`, limits: ONE_AT_A_TIME });
    hold();
    await accept(2);
    const done = test.house.worker.tick();
    await until(() => held.length === 1);
    await until(areAllLeased);
    test.clock.now += LEASE_MS - DEADLINE_MS + SECOND;
    held[0]?.(200);
    await until(() => held.length === 2);
    const { lease_expires_at: expiresAt } = (await deliveries())[1] ?? {};
    assert.ok((expiresAt ?? 0) >= test.clock.now + DEADLINE_MS, "enough is left to wait for the response");
    held[1]?.(200);
    await done;
  });

  it("finishes no delivery that another holds by now", async () => {
    const { first, other, rows } = await takeOver();
    held[0]?.(500);
    await until(async () => (await deliveries())[0]?.attempt_count === 1);
    const [before, after] = [rows[0], (await deliveries())[0]];
    assert.deepEqual([after?.status, after?.lease_holder], ["delivering", before?.lease_holder]);
    await first;
    await finish(other);
  });

  it("returns no delivery that another holds by now, when a connection is recalled", async () => {
    const { first, other, rows } = await takeOver();
    test.house.worker.recall([await connectionId()]);
    held[0]?.(500);
    await first;
    const [before, after] = [rows[1], (await deliveries())[1]];
    assert.deepEqual([after?.status, after?.lease_holder], ["delivering", before?.lease_holder]);
    await finish(other);
  });

  it("returns no delivery that another holds by now, when it stops", async () => {
    const { first, other, rows } = await takeOver();
    const stopped = test.house.worker.stop();
    held[0]?.(500);
    await Promise.all([first, stopped]);
    const holders = (all: typeof rows) => all.map(({ status, lease_holder: holder }) => [status, holder]);
    assert.deepEqual(holders(await deliveries()), holders(rows));
    await finish(other);
  });

  it("sends nothing of a claim that read a connection before it was changed", async () => {
    const id = await test.connect({ webhookUrl: `${receiver.url}/old` });
    const { store, bus, keyring, changes, egress, inspector, integrations } = test.house;
    await test.house.worker.stop();
    let afterClaim: (() => Promise<unknown>) | null = async () => {
      const deps = { ...integrations, recall: engine.recall };
      return update(deps, actor(), id, { webhookUrl: `${receiver.url}/new` }, null);
    };
    // The claim is committed, and the worker has not heard of it yet: just then the URL is replaced.
    const transact: typeof store.transact = async (work, isCommitted) => {
      const result = await store.transact(work, isCommitted);
      const change = afterClaim;
      afterClaim = null;
      await change?.();
      return result;
    };
    const now = () => test.clock.now;
    const engine = composeEngine({
      options: loadOptions(database.environment),
      logger: pino({ level: "silent" }),
      version: VERSION,
      store: { ...store, transact },
      bus,
      send: createSend(egress, inspector),
      deadlineMs: DEADLINE_MS,
      keyring,
      changes,
      now,
      wallNow: now,
    });
    await accept(20);
    await engine.worker.tick();
    assert.equal(afterClaim, null);
    assert.equal(receiver.received.length, 20);
    assert.deepEqual(
      receiver.received.filter(({ path }) => path === "/old"),
      [],
    );
    await engine.worker.stop();
  });

  const connectionId = async () =>
    (await test.house.store.db.selectFrom("connections").select("id").executeTakeFirstOrThrow()).id;
  const actor = () =>
    ({ kind: "system", id: null, name: "Test", workspaceId: test.workspaceId, address: null }) as const;
});
