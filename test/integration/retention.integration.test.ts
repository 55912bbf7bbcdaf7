import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import { sql } from "kysely";
import { connect } from "../../src/connections/connect.ts";
import { disconnect } from "../../src/connections/disconnect.ts";
import { pause, resume } from "../../src/connections/pause.ts";
import { update } from "../../src/connections/update.ts";
import { newId } from "../../src/db/new-id.ts";
import { cancelDeliveries } from "../../src/dispatch/cancel.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { seedConnections } from "../support/seed-connections.ts";
import { readHourCounts, seedHours } from "../support/seed-hours.ts";
import { openTestApp, type TestApp } from "../support/test-app.ts";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

forEachDatabase((makeDatabase, dialect) => {
  let database: TestDatabase;
  let test: TestApp;
  let receiver: TestReceiver;

  beforeEach(async () => {
    database = await makeDatabase();
    test = await openTestApp(database);
    receiver = await startTestReceiver();
  });
  afterEach(async () => {
    await test.close();
    await receiver.close();
    await database.remove();
  });

  const actor = () =>
    ({ kind: "system", id: null, name: "Test", workspaceId: test.workspaceId, address: null }) as const;
  const run = async () => {
    while (await test.context.engine.retention.step(test.clock.now));
  };
  const db = () => test.context.store.db;
  const event = (id: string) =>
    db().selectFrom("events").select(["data", "trace_context"]).where("id", "=", id).executeTakeFirst();
  const attemptsOf = async (eventId: string) =>
    (
      await db()
        .selectFrom("attempts")
        .innerJoin("deliveries", "deliveries.id", "attempts.delivery_id")
        .select("attempts.number")
        .where("deliveries.event_id", "=", eventId)
        .execute()
    ).length;
  const statusesOf = async (eventId: string) =>
    (
      await db()
        .selectFrom("deliveries")
        .select("status")
        .where("event_id", "=", eventId)
        .orderBy("status")
        .execute()
    ).map(({ status }) => status);
  const count = async (table: "events" | "deliveries" | "attempts" | "kept_payloads") =>
    Number(
      (
        await db()
          .selectFrom(table)
          .select((eb) => eb.fn.countAll().as("count"))
          .executeTakeFirstOrThrow()
      ).count,
    );

  it("deletes payloads and attempts after the payload days, and statuses after the status days", async () => {
    await test.connect({ webhookUrl: `${receiver.url}/hook` });
    const old = await test.accept({ type: "a.b", dataJson: '{"private":1}' });
    await test.context.engine.worker.tick();
    test.clock.now += 2 * DAY;
    const young = await test.accept({ type: "a.b", dataJson: '{"private":2}' });
    await test.context.engine.worker.tick();
    test.clock.now += 28 * DAY;
    await run();
    assert.equal((await event(old))?.data, '{"private":1}', "thirty days are not over yet");
    test.clock.now += 1;
    await run();
    assert.deepEqual({ ...(await event(old)) }, { data: "", trace_context: null });
    assert.equal(await attemptsOf(old), 0);
    assert.deepEqual(await statusesOf(old), ["delivered"]);
    assert.equal((await event(young))?.data, '{"private":2}');
    assert.equal(await attemptsOf(young), 1);
    test.clock.now += 60 * DAY;
    await run();
    assert.equal(await event(old), undefined);
    assert.deepEqual(await statusesOf(old), []);
    assert.equal((await event(young))?.data, "");
    test.clock.now += 2 * DAY;
    await run();
    assert.deepEqual(await Promise.all([count("events"), count("deliveries"), count("attempts")]), [0, 0, 0]);
  });

  it("deletes disconnected connections after the status days, once their history is deleted", async () => {
    const seeded = (index: number) => ({
      status: "disconnected" as const,
      disconnected_at: test.clock.now - index,
      created_at: test.clock.now - 200 * DAY,
    });
    await seedConnections(db(), test.workspaceId, 600, seeded);
    const { integrations } = test.context.services;
    const again = await test.connect({ webhookUrl: `${receiver.url}/again` });
    const used = await test.connect({ webhookUrl: `${receiver.url}/hook` });
    const waiting = await test.connect({ webhookUrl: `${receiver.url}/paused` });
    await pause(integrations, actor(), waiting);
    const id = await test.accept({ type: "a.b" });
    await test.context.engine.worker.tick();
    for (const one of [used, again]) await disconnect(integrations, actor(), one);
    await update(integrations, actor(), again, { webhookUrl: `${receiver.url}/again` });
    await test.context.engine.folder.foldAll();
    const left = async () =>
      (await db().selectFrom("connections").select("id").execute()).map((row) => row.id).sort();
    test.clock.now += 90 * DAY;
    await run();
    assert.equal((await left()).length, 4, "all were disconnected before, but one on the very day");
    test.clock.now += 1;
    await run();
    assert.deepEqual(await left(), [again, used, waiting].sort(), "the event is kept for what is pending");
    await cancelDeliveries(db() as never, waiting, test.clock.now);
    await run();
    assert.deepEqual(await statusesOf(id), []);
    assert.deepEqual(await left(), [again, waiting].sort());
    const counts = await db().selectFrom("pending_counts").select("connection_id").execute();
    assert.ok(!counts.some((row) => row.connection_id === used));
  });

  it("recognizes a repeat of an event whose payload is deleted", async () => {
    const id = newId();
    await test.accept({ id, type: "a.b", dataJson: '{"n":1}' });
    test.clock.now += 31 * DAY;
    await run();
    assert.equal((await event(id))?.data, "");
    assert.equal(await test.accept({ id, type: "a.b", dataJson: '{"n":1}' }), id);
    assert.equal(await count("events"), 1);
  });

  it("keeps the payloads of a paused connection's backlog until they are sent on resume", async () => {
    const other = await startTestReceiver();
    const paused = await test.connect({ webhookUrl: `${receiver.url}/hook` });
    await test.connect({ webhookUrl: `${other.url}/hook` });
    await pause(test.context.services.integrations, actor(), paused);
    const id = await test.accept({ type: "a.b", dataJson: '{"owed":true}' });
    await test.context.engine.worker.tick();
    test.clock.now += 100 * DAY;
    await run();
    await run();
    assert.equal((await event(id))?.data, '{"owed":true}');
    assert.equal(await attemptsOf(id), 0, "what the other was sent has had its time");
    assert.deepEqual(await statusesOf(id), ["delivered", "pending"]);
    assert.equal(await count("kept_payloads"), 1);
    await resume(test.context.services.integrations, actor(), paused);
    await test.context.engine.worker.tick();
    assert.equal(JSON.parse(receiver.received[0]?.body ?? "{}").data.owed, true);
    await run();
    assert.equal(await event(id), undefined, "its status has had its time too");
    assert.equal(await count("kept_payloads"), 0);
    await other.close();
  });

  it("keeps the attempts of a pending delivery", async () => {
    receiver.respond = (response) => void response.writeHead(503).end();
    const connectionId = await test.connect({ webhookUrl: `${receiver.url}/hook` });
    const id = await test.accept({ type: "a.b" });
    await test.context.engine.worker.tick();
    await pause(test.context.services.integrations, actor(), connectionId);
    test.clock.now += 40 * DAY;
    await run();
    assert.equal(await attemptsOf(id), 1);
    assert.deepEqual(await statusesOf(id), ["pending"]);
  });

  it("deletes a kept payload in the first run after it was delivered", async () => {
    const paused = await test.connect({ webhookUrl: `${receiver.url}/hook` });
    await pause(test.context.services.integrations, actor(), paused);
    const id = await test.accept({ type: "a.b" });
    test.clock.now += 40 * DAY;
    await run();
    await resume(test.context.services.integrations, actor(), paused);
    await test.context.engine.worker.tick();
    await run();
    assert.equal((await event(id))?.data, "");
    assert.equal(await attemptsOf(id), 0);
    assert.deepEqual(await statusesOf(id), ["delivered"]);
    assert.equal(await count("kept_payloads"), 0);
  });

  it("does not delay deliveries while it deletes twenty thousand old payloads", async () => {
    const connectionId = await test.connect({ webhookUrl: `${receiver.url}/hook` });
    await insertOld(20_000, connectionId);
    const now = test.clock.now;
    for (let step = 0; step < 20; step++) assert.ok(await test.context.engine.retention.step(now));
    const before = await count("attempts");
    assert.ok(before > 0 && before < 20_000, `${before} are left in the middle`);
    const id = await test.accept({ type: "new.one" });
    const ticking = test.context.engine.worker.tick();
    while (receiver.received.length === 0)
      assert.ok(await test.context.engine.retention.step(now), "in the same run");
    await ticking;
    assert.deepEqual(await statusesOf(id), ["delivered"]);
    await run();
    assert.deepEqual(await Promise.all([count("events"), count("attempts")]), [20_001, 1]);
    const full = await db().selectFrom("events").select("id").where("data", "!=", "").execute();
    assert.deepEqual(
      full.map((row) => row.id),
      [id],
    );
  });

  it("continues an interrupted run, also in another process", async () => {
    const connectionId = await test.connect({ webhookUrl: `${receiver.url}/hook` });
    await insertOld(600, connectionId);
    for (let step = 0; step < 3; step++) await test.context.engine.retention.step(test.clock.now);
    const left = await count("attempts");
    assert.ok(left > 0 && left < 600);
    const other = await openTestApp(database);
    while (await other.context.engine.retention.step(test.clock.now));
    await other.close();
    assert.equal(await count("attempts"), 0);
  });

  it("keeps young events and deletes old ones in every workspace", async () => {
    await test.accept({ type: "a.b" });
    test.clock.now += 31 * DAY;
    const other = await makeWorkspace();
    const take = async (accepted_at: number) => {
      const id = newId();
      const values = { id, workspace_id: other, type: "t", created_at: 0, data: "{}", accepted_at };
      await db().insertInto("events").values(values).execute();
      return id;
    };
    const young = await take(test.clock.now - 29 * DAY);
    const old = await take(test.clock.now - 31 * DAY);
    await run();
    assert.equal((await event(young))?.data, "{}");
    assert.equal((await event(old))?.data, "");
  });

  it("applies each workspace's own days", async () => {
    const [shorter, shortest] = [await makeWorkspace(7, 14), await makeWorkspace(1, 2)];
    const workspaces = [test.workspaceId, shorter, shortest];
    const connections: string[] = [];
    for (const workspaceId of workspaces) connections.push(await connectIn(workspaceId));
    const { now } = test.clock;
    const DAYS_AGO = [0.5, 1.5, 6.5, 7.5, 13.5, 14.5, 31];
    for (const workspaceId of workspaces) {
      for (const daysAgo of DAYS_AGO) await insertEvent(workspaceId, now - daysAgo * DAY);
    }
    for (const connectionId of connections) {
      for (const daysAgo of DAYS_AGO) {
        const row = { connectionId, hour: now - daysAgo * DAY, delivered: 1, failed: 0 };
        await seedHours(test.context.store, [row]);
      }
    }
    await run();
    const kept = await Promise.all(
      workspaces.map(async (workspaceId) => {
        const rows = await db()
          .selectFrom("events")
          .select(["accepted_at", "data"])
          .where("workspace_id", "=", workspaceId)
          .orderBy("accepted_at", "desc")
          .execute();
        return rows.map((row) => `${(now - row.accepted_at) / DAY}${row.data === "" ? " emptied" : ""}`);
      }),
    );
    assert.deepEqual(kept, [
      ["0.5", "1.5", "6.5", "7.5", "13.5", "14.5", "31 emptied"],
      ["0.5", "1.5", "6.5", "7.5 emptied", "13.5 emptied"],
      ["0.5", "1.5 emptied"],
    ]);
    const hours = await Promise.all(
      connections.map(async (id) => {
        const rows = await db()
          .selectFrom("statistics")
          .select("start")
          .where("view", "=", "connection")
          .where("interval_seconds", "=", 3600)
          .where("connection_id", "=", id)
          .execute();
        return rows.length;
      }),
    );
    assert.deepEqual(hours, [7, 5, 2]);
  });

  it("applies shortened and extended days of a workspace from the next run on", async () => {
    const workspaceId = await makeWorkspace(null, null);
    const { now } = test.clock;
    const [old, young] = [
      await insertEvent(workspaceId, now - 10 * DAY),
      await insertEvent(workspaceId, now - DAY),
    ];
    await run();
    assert.equal((await event(old))?.data, "{}");
    await setDays(workspaceId, 5, 40);
    await run();
    assert.deepEqual([(await event(old))?.data, (await event(young))?.data], ["", "{}"]);
    await setDays(workspaceId, 20, 40);
    test.clock.now += 6 * DAY;
    await run();
    assert.equal((await event(young))?.data, "{}", "it is seven days old, and twenty are asked for");
    test.clock.now += 14 * DAY;
    await run();
    assert.equal((await event(young))?.data, "");
  });

  it("keeps a payload stored for a backlog longer if its workspace has extended its days", async () => {
    const connectionId = await test.connect({ webhookUrl: `${receiver.url}/hook` });
    await pause(test.context.services.integrations, actor(), connectionId);
    await setDays(test.workspaceId, 1, 90);
    const id = await test.accept({ type: "a.b", dataJson: '{"n":1}' });
    test.clock.now += 2 * DAY;
    await run();
    assert.equal(await count("kept_payloads"), 1);
    await setDays(test.workspaceId, 30, 90);
    await resume(test.context.services.integrations, actor(), connectionId);
    await test.context.engine.worker.tick();
    await run();
    assert.equal((await event(id))?.data, '{"n":1}');
    assert.equal(await count("kept_payloads"), 1, "it is not forgotten either");
    test.clock.now += 29 * DAY;
    await run();
    assert.equal((await event(id))?.data, "");
    assert.equal(await count("kept_payloads"), 0);
  });

  it("keeps nothing longer than the instance's days", async () => {
    const workspaceId = await makeWorkspace(0, 0);
    const id = await insertEvent(workspaceId, test.clock.now - 91 * DAY);
    const second = await insertEvent(workspaceId, test.clock.now - 31 * DAY);
    await run();
    assert.equal(await event(id), undefined);
    assert.equal((await event(second))?.data, "");
  });

  it("reports when the last run ended", async () => {
    assert.equal(test.context.engine.retention.lastRunAt, null);
    await test.context.engine.retention.step(test.clock.now);
    assert.equal(test.context.engine.retention.lastRunAt, null, "in the middle");
    await run();
    assert.equal(test.context.engine.retention.lastRunAt, test.clock.now);
  });

  it("deletes idempotency keys after a day, hourly counts after the status days, and silent workers", async () => {
    const connectionId = await test.connect({ webhookUrl: `${receiver.url}/hook` });
    const now = test.clock.now;
    for (const created_at of [now - DAY, now - DAY + 1]) {
      const row = {
        workspace_id: test.workspaceId,
        key: `k${created_at}`,
        request_digest: "",
        response: "[]",
        created_at,
      };
      await db().insertInto("idempotency_keys").values(row).execute();
    }
    const cut = now - 90 * DAY;
    const firstKept = cut - (cut % HOUR) + HOUR;
    for (const hour of [firstKept - HOUR, firstKept])
      await seedHours(test.context.store, [{ connectionId, hour, delivered: 1, failed: 0 }]);
    for (const beat_at of [now - DAY - 1, now - DAY]) {
      const row = {
        id: `w${beat_at}`,
        boot_id: "",
        host: "h",
        pid: 1,
        version: "1",
        started_at: 0,
        beat_at,
        heard_at: beat_at,
        members: "[]",
        holding: "[]",
      };
      await db().insertInto("workers").values(row).execute();
    }
    await run();
    const keys = await db().selectFrom("idempotency_keys").select("key").execute();
    assert.deepEqual(
      keys.map(({ key }) => key),
      [`k${now - DAY + 1}`],
    );
    const hours = await readHourCounts(test.context.store);
    assert.deepEqual(
      hours.map(({ hour }) => hour),
      [firstKept],
    );
    const workers = await db().selectFrom("workers").select("id").execute();
    assert.deepEqual(
      workers.map(({ id }) => id),
      [`w${now - DAY}`],
    );
  });

  it("deletes expired sessions, invitations and sign-in counts, a few at a time", async () => {
    const now = test.clock.now;
    const at = new Date(now - DAY).toISOString();
    const userId = newId();
    const user = { id: userId, name: "Ada", email: "ada@example.com", image: null };
    await db()
      .insertInto("users")
      .values({ ...user, email_verified: dialect === "postgres" ? false : 0, created_at: at, updated_at: at })
      .execute();
    const over = Array.from({ length: 60 }, () => now);
    for (const [n, expiresAt] of [...over, now + 1].entries()) {
      const row = { id: newId(), expires_at: new Date(expiresAt).toISOString(), created_at: at };
      const session = { token: `t${n}`, user_id: userId, updated_at: at, ip_address: null, user_agent: null };
      await db()
        .insertInto("sessions")
        .values({ ...row, ...session, active_workspace_id: null })
        .execute();
      const invited = { workspace_id: test.workspaceId, inviter_id: userId, role: "viewer" as const };
      const invitation = { ...invited, email: `${n}@example.com`, status: "pending" as const };
      await db()
        .insertInto("invitations")
        .values({ ...row, ...invitation, token_hash: `h${n}` })
        .execute();
      const throttle = { subject: `pair:${n}`, attempts: 1, first_attempt_at: expiresAt - HOUR };
      await db().insertInto("sign_in_throttles").values(throttle).execute();
    }
    await run();
    const sessions = await db().selectFrom("sessions").select("token").execute();
    const invitations = await db().selectFrom("invitations").select("email").execute();
    const throttles = await db().selectFrom("sign_in_throttles").select("subject").execute();
    assert.deepEqual(
      [...sessions, ...invitations, ...throttles].flatMap((row) => Object.values(row)),
      ["t60", "60@example.com", "pair:60"],
    );
  });

  if (dialect === "postgres") {
    it("does nothing during a run of another process", async () => {
      await test.accept({ type: "a.b" });
      test.clock.now += 31 * DAY;
      await db()
        .transaction()
        .execute(async (trx) => {
          await sql`select pg_advisory_xact_lock(3015002)`.execute(trx);
          assert.equal(await test.context.engine.retention.step(test.clock.now), false);
          assert.equal(test.context.engine.retention.lastRunAt, null);
        });
      assert.equal(await test.context.engine.retention.step(test.clock.now), true);
    });
  }

  async function insertOld(events: number, connectionId: string): Promise<void> {
    const acceptedAt = test.clock.now - 40 * DAY;
    const { hot } = test.context.store;
    const ids = Array.from({ length: events }, () => ({ event: newId(), delivery: newId() }));
    await db()
      .transaction()
      .execute(async (trx) => {
        await hot.insertRows(
          trx,
          "events",
          {
            id: "text",
            workspace_id: "text",
            type: "text",
            created_at: "bigint",
            data: "text",
            accepted_at: "bigint",
          },
          ids.map(({ event: id }) => [id, test.workspaceId, "t", acceptedAt, '{"n":1}', acceptedAt]),
        );
        const delivery = {
          id: "text",
          workspace_id: "text",
          event_id: "text",
          connection_id: "text",
          trigger_kind: "text",
          status: "text",
          attempt_count: "bigint",
          created_at: "bigint",
          updated_at: "bigint",
        } as const;
        const rest = ["schedule", "delivered", 1, acceptedAt, acceptedAt] as const;
        await hot.insertRows(
          trx,
          "deliveries",
          delivery,
          ids.map((one) => [one.delivery, test.workspaceId, one.event, connectionId, ...rest]),
        );
        const attempt = {
          delivery_id: "text",
          number: "bigint",
          trigger_kind: "text",
          started_at: "bigint",
          duration_ms: "bigint",
          timings: "text",
          request_headers: "text",
          response_truncated: "bigint",
          explanation: "text",
        } as const;
        await hot.insertRows(
          trx,
          "attempts",
          attempt,
          ids.map((one) => [one.delivery, 1, "schedule", acceptedAt, 1, "[]", "{}", 0, "custom"]),
        );
      });
  }

  async function makeWorkspace(
    payloadDays: number | null = null,
    statusDays: number | null = null,
  ): Promise<string> {
    const id = newId();
    const values = { id, name: "w", slug: id, created_at: new Date().toISOString() };
    await db().insertInto("workspaces").values(values).execute();
    await setDays(id, payloadDays, statusDays);
    return id;
  }

  async function setDays(id: string, payloadDays: number | null, statusDays: number | null): Promise<void> {
    await db()
      .updateTable("workspaces")
      .set({ payload_retention_days: payloadDays, status_retention_days: statusDays })
      .where("id", "=", id)
      .execute();
  }

  async function connectIn(workspaceId: string): Promise<string> {
    const input = {
      provider: "webhook",
      name: "Test",
      description: null,
      credentials: { webhookUrl: `${receiver.url}/hook`, signingSecret: null },
      eventTypes: ["*"],
      limits: { concurrency: 1 },
    };
    const created = await connect(test.context.services.integrations, { ...actor(), workspaceId }, input);
    return created.id;
  }

  async function insertEvent(workspaceId: string, acceptedAt: number): Promise<string> {
    const id = newId();
    const values = {
      id,
      workspace_id: workspaceId,
      type: "t",
      created_at: 0,
      data: "{}",
      accepted_at: acceptedAt,
    };
    await db().insertInto("events").values(values).execute();
    return id;
  }
});
