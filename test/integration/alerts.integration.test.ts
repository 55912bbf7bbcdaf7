import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { AlertWatch } from "../../src/alerts/alert-watch.ts";
import { createAlert } from "../../src/alerts/change-alerts.ts";
import { newId } from "../../src/db/new-id.ts";
import type { AlertCondition } from "../../src/domain/alert.ts";
import { LATENCY_BOUNDS_MS } from "../../src/domain/latency.ts";
import { HOUR_MS, MINUTE_MS } from "../../src/domain/statistics.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startMailServer, type TestMailServer, textOf } from "../support/mail-server.ts";
import { makeAccount } from "../support/make-account.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";

const DAY_MS = 24 * HOUR_MS;

forEachDatabase((makeDatabase) => {
  describe("alerts", () => {
    let database: TestDatabase;
    let app: ServedApp;
    let mailServer: TestMailServer;
    let receiver: TestReceiver;
    let memberId: string;

    before(async () => {
      mailServer = await startMailServer();
      receiver = await startTestReceiver();
      database = await makeDatabase();
      const environment = {
        ...database.environment,
        OPENSEND_SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
        OPENSEND_MAIL_FROM: "opensend@example.com",
      };
      app = await serveTestApp({ ...database, environment });
      memberId = await addMember("ada@example.com");
    });
    after(async () => {
      await app.close();
      await mailServer.close();
      await receiver.close();
      await database.remove();
    });
    beforeEach(async () => {
      const { db } = app.context.store;
      await db.deleteFrom("mails").execute();
      await db.deleteFrom("alerts").execute();
      await db.deleteFrom("alert_notices").execute();
      await db.updateTable("connections").set({ status: "disconnected" }).execute();
      mailServer.mails.length = 0;
      mailServer.refusal = null;
      receiver.received.length = 0;
      receiver.respond = (response) => void response.end();
      await db.deleteFrom("events").execute();
    });

    const db = () => app.context.store.db;

    async function addMember(email: string): Promise<string> {
      await makeAccount(database.open(), { email, name: "Ada", password: "a long password", role: "admin" });
      const member = await db()
        .selectFrom("members")
        .innerJoin("users", "users.id", "members.user_id")
        .select("members.id")
        .where("users.email", "=", email)
        .executeTakeFirstOrThrow();
      return member.id;
    }

    const connectTo = (name: string) => app.connect({ name, webhookUrl: `${receiver.url}/${name}` });
    const failSince = (ids: readonly string[], since: number) =>
      db()
        .updateTable("connections")
        .set({ health: "unhealthy", first_failure_at: since, last_event_at: app.clock.now })
        .where("id", "in", ids)
        .execute();
    const recover = (ids: readonly string[]) =>
      db()
        .updateTable("connections")
        .set({ health: "healthy", first_failure_at: null, last_event_at: app.clock.now })
        .where("id", "in", ids)
        .execute();
    const create = async (body: object): Promise<string> => {
      const response = await app.api.post("/api/alerts", {
        name: "On call",
        member_ids: [memberId],
        ...body,
      });
      assert.equal(response.status, 201, response.text);
      return response.body.data.id;
    };
    const evaluate = () => app.context.engine.alertWatch.evaluate();
    const sendMails = () => app.context.engine.mail.postman.sendSome();
    const evaluateAndMail = async () => {
      await evaluate();
      await sendMails();
    };
    const notices = async () => (await app.api.get("/api/alert-notices")).body.data;
    const subjects = () => mailServer.mails.map(({ raw }) => /^Subject: (.*)$/m.exec(raw)?.[1]?.trim());

    it("send one mail when a connection has been failing for five minutes, and one when it has recovered", async () => {
      const id = await connectTo("fraud");
      await create({ condition: "connection_failing" });
      await failSince([id], app.clock.now);
      app.clock.now += 4 * MINUTE_MS;
      await evaluateAndMail();
      assert.equal(mailServer.mails.length, 0);
      app.clock.now += MINUTE_MS;
      await evaluateAndMail();
      await evaluateAndMail();
      assert.deepEqual(subjects(), ["[OpenSend] fraud is failing"]);
      const [mail] = mailServer.mails;
      assert.deepEqual(mail?.to, ["ada@example.com"]);
      assert.match(textOf(mail), new RegExp(`/integrations/connections/${id}`));
      await recover([id]);
      await evaluateAndMail();
      app.clock.now += 5 * MINUTE_MS;
      await evaluateAndMail();
      assert.deepEqual(subjects()[1], "[OpenSend] fraud has recovered");
      const listed = await notices();
      assert.deepEqual(
        listed.map((notice: { kind: string; mails: unknown }) => [notice.kind, notice.mails]),
        [
          ["recovered", { count: 1, sent: 1, failed: 0, error: null }],
          ["raised", { count: 1, sent: 1, failed: 0, error: null }],
        ],
      );
    });

    it("report many connections that fail together in one mail", async () => {
      const first = await connectTo("c0");
      const row = await db()
        .selectFrom("connections")
        .selectAll()
        .where("id", "=", first)
        .executeTakeFirstOrThrow();
      const others = Array.from({ length: 999 }, (_, i) => ({ ...row, id: newId(), name: `c${i + 1}` }));
      for (let from = 0; from < others.length; from += 200) {
        await db()
          .insertInto("connections")
          .values(others.slice(from, from + 200))
          .execute();
      }
      await create({ condition: "connection_failing" });
      await failSince([first, ...others.map(({ id }) => id)], app.clock.now - HOUR_MS);
      await Promise.all([evaluate(), evaluate(), evaluate()]);
      await evaluateAndMail();
      assert.deepEqual(subjects(), ["[OpenSend] 1000 connections are failing"]);
      assert.match(textOf(mailServer.mails[0] ?? assert.fail()), /20 of them, and 980 more/);
      await db()
        .deleteFrom("connections")
        .where(
          "id",
          "in",
          others.map(({ id }) => id),
        )
        .execute();
    });

    it("survive the end of a process between notice and mail, without duplicates", async () => {
      const id = await connectTo("kept");
      await create({ condition: "connection_failing" });
      await failSince([id], app.clock.now - HOUR_MS);
      // The process ends before a mail is sent; the notice and the queued mail are in the database.
      const store = database.open();
      const queue = app.context.engine.mail.queue;
      const watch = new AlertWatch({
        store,
        publicUrl: "http://127.0.0.1",
        mailQueue: queue,
        now: () => app.clock.now,
        wake: () => undefined,
      });
      await watch.evaluate();
      await store.close();
      assert.equal(mailServer.mails.length, 0);
      await evaluateAndMail();
      await evaluateAndMail();
      assert.equal(mailServer.mails.length, 1);
    });

    it("record no notice when their commit fails", async () => {
      const id = await connectTo("torn");
      await create({ condition: "connection_failing" });
      await failSince([id], app.clock.now - HOUR_MS);
      const watch = new AlertWatch({
        store: app.context.store,
        publicUrl: "http://127.0.0.1",
        mailQueue: {
          publicUrl: "",
          add: () => Promise.reject(new Error("the database went away")),
        },
        now: () => app.clock.now,
        wake: () => undefined,
      });
      await assert.rejects(watch.evaluate());
      assert.deepEqual(await notices(), []);
      await evaluateAndMail();
      assert.equal(mailServer.mails.length, 1);
    });

    it("are sent to a chosen connection, in a form that Slack and Discord show", async () => {
      const target = await connectTo("slack");
      const id = await connectTo("billing");
      await create({ condition: "connection_paused", member_ids: [], notify_connection_id: target });
      await app.api.post(`/api/integrations/connections/${id}/pause`);
      await evaluate();
      await app.context.engine.worker.tick();
      const [received] = receiver.received;
      assert.equal(received?.path, "/slack");
      const body = JSON.parse(received.body);
      assert.equal(body.type, "opensend.alert.connection_paused");
      assert.match(body.text, /^billing is paused/);
      assert.equal(body.content, body.data.text);
      assert.deepEqual(body.data.connections[0].id, id);
      const [notice] = await notices();
      const event = await app.api.get(`/api/events/${notice.event_id}`);
      assert.equal(event.body.data.type, "opensend.alert.connection_paused");
    });

    it("report the failure of the notified connection itself to members only", async () => {
      const target = await connectTo("pager");
      await create({ condition: "connection_failing", notify_connection_id: target });
      await failSince([target], app.clock.now - HOUR_MS);
      await evaluateAndMail();
      await app.context.engine.worker.tick();
      assert.equal(receiver.received.length, 0);
      assert.deepEqual(subjects(), ["[OpenSend] pager is failing"]);
    });

    it("raise no further alerts when their own receiver fails", async () => {
      receiver.respond = (response) => {
        response.writeHead(500);
        response.end();
      };
      const target = await connectTo("away");
      const id = await connectTo("other");
      await create({
        condition: "connection_failing",
        threshold: 0,
        member_ids: [],
        notify_connection_id: target,
      });
      await failSince([id], app.clock.now - HOUR_MS);
      for (let times = 0; times < 10; times++) {
        await evaluate();
        await app.context.engine.worker.tick();
        app.clock.now += MINUTE_MS;
      }
      const events = await db()
        .selectFrom("events")
        .select("type")
        .where("type", "like", "opensend.alert.%")
        .execute();
      assert.deepEqual(
        events.map(({ type }) => type),
        ["opensend.alert.connection_failing"],
      );
    });

    const waits = async (id: string, count: number, dueAt: number) => {
      await db()
        .insertInto("pending_counts")
        .values({ workspace_id: app.workspaceId, connection_id: id, pending: count })
        .execute();
      await db()
        .insertInto("deliveries")
        .values({
          id: newId(),
          workspace_id: app.workspaceId,
          event_id: newId(),
          connection_id: id,
          trigger_kind: "schedule",
          status: "pending",
          attempt_count: 0,
          next_attempt_at: dueAt,
          event_bytes: 2,
          created_at: dueAt,
          updated_at: dueAt,
        })
        .execute();
    };

    it("report a backlog and overdue deliveries", async () => {
      const id = await connectTo("slow");
      await app.api.post(`/api/integrations/connections/${id}/pause`);
      await waits(id, 1201, app.clock.now - 20 * MINUTE_MS);
      await create({ condition: "backlog", threshold: 1200 });
      await create({ condition: "backlog", threshold: 1201 });
      await create({ condition: "oldest_waiting", threshold: 20 });
      await create({ condition: "oldest_waiting", threshold: 21 });
      await evaluateAndMail();
      assert.deepEqual(subjects().sort(), [
        "[OpenSend] slow has a large backlog",
        "[OpenSend] slow has overdue deliveries",
      ]);
      await db().deleteFrom("deliveries").where("connection_id", "=", id).execute();
      await db().deleteFrom("pending_counts").where("connection_id", "=", id).execute();
    });

    const countHours = async (
      view: "connection" | "total",
      connectionId: string,
      ages: readonly number[],
    ) => {
      const zero = Object.fromEntries(LATENCY_BOUNDS_MS.map((ms) => [`ms_${ms}`, 0]));
      for (const age of ages) {
        const at = app.clock.now - age;
        await db()
          .insertInto("statistics")
          .values({
            workspace_id: app.workspaceId,
            interval_seconds: 3600,
            view,
            start: at - (at % HOUR_MS),
            connection_id: connectionId,
            event_type: "",
            outcome: view === "total" ? "accepted" : "delivered",
            cause: "",
            attempts: 1,
            deliveries: 1,
            events: 1,
            duration_ms: 1,
            ...(zero as Record<"ms_10", number>),
            ms_longer: 0,
          } as never)
          .execute();
      }
    };

    it("report silence only for a connection that usually has deliveries at this time", async () => {
      const usual = await connectTo("usual");
      const rare = await connectTo("rare");
      const lastEvent = app.clock.now - 3 * HOUR_MS;
      await db()
        .updateTable("connections")
        .set({ last_event_at: lastEvent })
        .where("id", "in", [usual, rare])
        .execute();
      const ages = [1, 2, 3].map((day) => day * DAY_MS + HOUR_MS + 10 * MINUTE_MS);
      await countHours("connection", usual, ages);
      await countHours("connection", rare, ages.slice(0, 2));
      await create({ condition: "silence", threshold: 120 });
      await evaluateAndMail();
      assert.deepEqual(subjects(), ["[OpenSend] usual has had no deliveries for unusually long"]);
    });

    it("report a workspace without events when some are usual", async () => {
      await create({ condition: "no_events", threshold: 120 });
      await countHours(
        "total",
        "",
        [1, 2, 3].map((day) => day * DAY_MS + HOUR_MS + 10 * MINUTE_MS),
      );
      await evaluateAndMail();
      assert.deepEqual(subjects(), ["[OpenSend] No events have arrived for unusually long"]);
    });

    it("show in their history why a mail was refused", async () => {
      const id = await connectTo("refused");
      await create({ condition: "connection_failing" });
      await failSince([id], app.clock.now - HOUR_MS);
      mailServer.refusal = { code: 550, message: "No such user" };
      await evaluateAndMail();
      const [notice] = await notices();
      assert.equal(notice.mails.failed, 1);
      assert.match(notice.mails.error, /550/);
    });

    it("can be tested, with the result for each recipient", async () => {
      const target = await connectTo("tested");
      const body = { name: "On", condition: "backlog", notify_connection_id: target, enabled: false };
      const id = await create(body);
      const good = await app.api.post(`/api/alerts/${id}/test`);
      assert.equal(good.status, 200, good.text);
      assert.equal(good.body.data.ok, true);
      assert.equal(good.body.data.delivery.ok, true);
      assert.equal(JSON.parse(receiver.received[0]?.body ?? "").data.status, "test");
      assert.match(subjects()[0] ?? "", /OpenSend=5D_Test_of_the_alert_=22On/);
      mailServer.refusal = { code: 550, message: "No such user" };
      receiver.respond = (response) => {
        response.writeHead(404);
        response.end();
      };
      const bad = await app.api.post(`/api/alerts/${id}/test`);
      assert.equal(bad.body.data.ok, false);
      assert.equal(bad.body.data.mails[0].error.code, "mail_refused");
      assert.equal(bad.body.data.delivery.status, 404);
      assert.equal((await notices()).length, 2);
    });

    it("are read, changed and deleted over the API, and audited", async () => {
      const id = await create({ condition: "connection_failing" });
      const read = await app.api.get(`/api/alerts/${id}`);
      assert.equal(read.body.data.threshold, 5);
      assert.deepEqual(read.body.data.recipients.members[0].email, "ada@example.com");
      const changed = await app.api.patch(`/api/alerts/${id}`, { condition: "backlog", enabled: false });
      assert.deepEqual([changed.body.data.threshold, changed.body.data.enabled], [1000, false]);
      const list = await app.api.get("/api/alerts");
      assert.deepEqual([list.body.data.length, list.body.mail_configured], [1, true]);
      assert.equal((await app.api.delete(`/api/alerts/${id}`)).status, 204);
      assert.equal((await app.api.get(`/api/alerts/${id}`)).status, 404);
      const log = await app.api.get("/api/audit-log");
      const actions = log.body.data.map((entry: { action: string }) => entry.action).slice(0, 3);
      assert.deepEqual(actions, ["alert.deleted", "alert.updated", "alert.created"]);
    });

    it("refuse contradictory settings and objects of other workspaces", async () => {
      const own = await connectTo("own");
      const other = await app.makeWorkspace();
      const { key } = await app.makeKey(other);
      const mine = await create({ condition: "backlog" });
      const refused: [object, string][] = [
        [{ condition: "backlog", threshold: 0 }, "threshold"],
        [{ condition: "connection_paused", threshold: 5 }, "threshold"],
        [{ condition: "silence", threshold: 10 }, "threshold"],
        [{ condition: "no_events", connection_ids: [own] }, "connection_ids"],
        [{ condition: "backlog", connection_ids: [newId()] }, "connection_ids.0"],
        [{ condition: "backlog", member_ids: [newId()] }, "member_ids.0"],
        [{ condition: "backlog", member_ids: [] }, "member_ids"],
        [{ condition: "backlog", notify_connection_id: newId() }, "notify_connection_id"],
      ];
      for (const [body, path] of refused) {
        const response = await app.api.post("/api/alerts", { name: "n", member_ids: [memberId], ...body });
        assert.equal(response.status, 422, response.text);
        assert.ok(
          response.body.errors.some((error: { path: string }) => error.path === path),
          response.text,
        );
      }
      const others = { authorization: `Bearer ${key}` };
      for (const method of ["GET", "PATCH", "DELETE"]) {
        const body = method === "PATCH" ? { name: "x" } : undefined;
        assert.equal((await app.api.send(method, `/api/alerts/${mine}`, body, others)).status, 404);
      }
      const theirs = await app.api.send(
        "POST",
        "/api/alerts",
        { name: "n", condition: "backlog", notify_connection_id: own },
        others,
      );
      assert.equal(theirs.status, 422);
    });

    it("are limited to 50", async () => {
      for (let created = 0; created < 50; created++) await create({ condition: "backlog" });
      const response = await app.api.post("/api/alerts", {
        name: "n",
        condition: "backlog",
        member_ids: [memberId],
      });
      assert.equal(response.body.code, "limit_reached");
    });

    const withoutScope: AlertCondition[] = ["connection_failing", "connection_paused"];
    for (const condition of withoutScope) {
      it(`for ${condition} cover only the connections they name`, async () => {
        const [a, b] = [await connectTo("a"), await connectTo("b")];
        await createAlert(
          app.context.services.instance.operations.alerts,
          { kind: "system", id: null, name: "Test", workspaceId: app.workspaceId, address: null },
          {
            name: "n",
            condition,
            threshold: condition === "connection_failing" ? 5 : null,
            connectionIds: [b],
            memberIds: [memberId],
            notifyConnectionId: null,
            isEnabled: true,
          },
        );
        await failSince([a, b], app.clock.now - HOUR_MS);
        if (condition === "connection_paused") {
          for (const id of [a, b]) await app.api.post(`/api/integrations/connections/${id}/pause`);
        }
        await evaluateAndMail();
        assert.match(subjects()[0] ?? "", /^\[OpenSend\] b is/);
      });
    }
  });
});
