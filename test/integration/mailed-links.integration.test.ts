import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { ApiClient, OWNER } from "../support/api-client.ts";
import { forEachDatabase } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { startMailServer, type TestMailServer, textOf } from "../support/mail-server.ts";
import { until } from "../support/until.ts";

const NEW_PASSWORD = "a brand new password";

forEachDatabase((makeDatabase) => {
  describe("links by mail", () => {
    let instance: TestInstance;
    let mailServer: TestMailServer;

    before(async () => {
      mailServer = await startMailServer({ login: { user: "opensend", password: "s3cr3t-of-smtp" } });
      instance = await startInstance(makeDatabase, {
        OPENSEND_SMTP_URL: `smtp://opensend:s3cr3t-of-smtp@127.0.0.1:${mailServer.port}`,
        OPENSEND_MAIL_FROM: "OpenSend <opensend@example.com>",
      });
    });
    after(async () => {
      await instance.remove();
      await mailServer.close();
    });
    beforeEach(async () => {
      mailServer.mails.length = 0;
      const store = instance.database.open();
      await store.db.deleteFrom("sign_in_throttles").execute();
      await store.close();
    });

    const anyone = () => new ApiClient(instance.server.url);
    const arrived = () => until(() => mailServer.mails.length > 0, "a mail arrives");
    const tokenIn = (path: string) => {
      const mail = mailServer.mails.at(-1) ?? assert.fail("no mail");
      return new RegExp(`${path}#(\\S+)`).exec(textOf(mail))?.[1] ?? assert.fail(textOf(mail));
    };
    const requestReset = (email: string) => anyone().post("/api/password-resets", { email });

    it("invite someone, with the same link that is shown", async () => {
      const invited = await instance.owner.post("/api/invitations", {
        email: "bob@example.com",
        role: "viewer",
      });
      assert.equal(invited.body.mailed, true);
      await arrived();
      const token = tokenIn("/invite");
      assert.ok(invited.body.url.endsWith(`#${token}`));
      assert.deepEqual(mailServer.mails[0]?.to, ["bob@example.com"]);
      const joined = await anyone().post("/api/invitations/accept", {
        token,
        password: "bobs long password",
      });
      assert.equal(joined.status, 200, joined.text);
    });

    it("reset a password once, end all sessions and are audited", async () => {
      const session = anyone();
      await session.post("/api/session", { email: OWNER.email, password: OWNER.password });
      assert.equal((await requestReset(` ${OWNER.email.toUpperCase()} `)).status, 202);
      await arrived();
      const token = tokenIn("/reset-password");
      const short = await anyone().post("/api/password-resets/complete", { token, password: "short" });
      assert.equal(short.status, 422);
      const done = await anyone().post("/api/password-resets/complete", { token, password: NEW_PASSWORD });
      assert.equal(done.status, 204, done.text);
      assert.equal((await session.get("/api/session")).status, 401);
      const again = await anyone().post("/api/password-resets/complete", { token, password: NEW_PASSWORD });
      assert.equal(again.body.code, "password_reset_invalid");
      const owner = anyone();
      assert.equal(
        (await owner.post("/api/session", { email: OWNER.email, password: OWNER.password })).status,
        401,
      );
      assert.equal(
        (await owner.post("/api/session", { email: OWNER.email, password: NEW_PASSWORD })).status,
        200,
      );
      const log = await owner.get("/api/audit-log?action=user.password_reset");
      assert.equal(log.body.data.length, 1);
      assert.equal(log.body.data[0].actor.name, OWNER.name);
    });

    it("are mailed only to existing accounts, with the same response for unknown ones", async () => {
      const unknown = await requestReset("nobody@example.com");
      const known = await requestReset(OWNER.email);
      assert.deepEqual([unknown.status, unknown.body], [known.status, known.body]);
      await arrived();
      assert.deepEqual(
        mailServer.mails.map(({ to }) => to),
        [[OWNER.email]],
      );
    });

    it("work only in the newest mail, and for an hour", async () => {
      await requestReset(OWNER.email);
      await arrived();
      const first = tokenIn("/reset-password");
      await requestReset(OWNER.email);
      await until(() => mailServer.mails.length > 1, "the second mail arrives");
      const second = tokenIn("/reset-password");
      const use = (token: string) =>
        anyone().post("/api/password-resets/complete", { token, password: NEW_PASSWORD });
      assert.equal((await use(first)).status, 404);
      const store = instance.database.open();
      await store.db.updateTable("password_resets").set({ expires_at: Date.now() }).execute();
      assert.equal((await use(second)).status, 404);
      await store.close();
    });

    it("can be requested three times per hour per email, whether or not it has an account", async () => {
      for (const email of [OWNER.email, "nobody@example.com"]) {
        const statuses = [];
        for (let times = 0; times < 4; times++) statuses.push((await requestReset(email)).status);
        assert.deepEqual(statuses, [202, 202, 202, 429]);
      }
    });

    it("leave no login, token or password in the log", async () => {
      await requestReset(OWNER.email);
      await arrived();
      const token = tokenIn("/reset-password");
      await anyone().post("/api/password-resets/complete", { token, password: NEW_PASSWORD });
      const log = instance.server.output();
      for (const secret of [token, NEW_PASSWORD, "s3cr3t-of-smtp"]) assert.ok(!log.includes(secret));
    });

    it("are sent when the mail server comes back", async () => {
      // While the mail server is down, the mail stays queued.
      const { port } = mailServer;
      await mailServer.close();
      await requestReset(OWNER.email);
      const store = instance.database.open();
      await until(async () => {
        const rows = await store.db.selectFrom("mails").select("tries").execute();
        return rows.some(({ tries }) => tries > 0);
      }, "the mail was tried");
      await store.db.updateTable("mails").set({ due_at: 0 }).execute();
      await store.close();
      mailServer = await startMailServer({
        port,
        login: { user: "opensend", password: "s3cr3t-of-smtp" },
      });
      await arrived();
      assert.match(tokenIn("/reset-password"), /^\S+$/);
    });
  });

  describe("without a mail server", () => {
    let instance: TestInstance;
    before(async () => {
      instance = await startInstance(makeDatabase);
    });
    after(() => instance.remove());

    it("invitations are not mailed, and a password reset names the command to use", async () => {
      const invited = await instance.owner.post("/api/invitations", {
        email: "bob@example.com",
        role: "viewer",
      });
      assert.equal(invited.body.mailed, false);
      const response = await new ApiClient(instance.server.url).post("/api/password-resets", {
        email: OWNER.email,
      });
      assert.equal(response.body.code, "mail_not_configured");
      assert.match(response.body.detail, /opensend users set-password/);
    });
  });
});
