import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { parseMailFrom, parseSmtpUrl } from "../../src/config/smtp.ts";
import { createKeyring } from "../../src/crypto/keyring.ts";
import type { Store } from "../../src/db/open.ts";
import type { MailFailure } from "../../src/mail/mail-failure.ts";
import { deleteExpiredMails, queueMails } from "../../src/mail/outbox.ts";
import { Postman } from "../../src/mail/postman.ts";
import { SmtpServer } from "../../src/mail/smtp.ts";
import { createSelfSigned } from "../support/certificates.ts";
import { forEachDatabase, openMigrated, type TestDatabase } from "../support/databases.ts";
import { startMailServer, startSilentServer, type TestMailServer, textOf } from "../support/mail-server.ts";
import { freePort } from "../support/server.ts";

const FROM = parseMailFrom("OpenSend <opensend@example.com>");
const KEYRING = createKeyring("4b1d9a7e02c85f36d1e0a94b7c635f2890ad1c4e6f7b3825e9d0416a5cb37f88");
const HOUR_MS = 60 * 60 * 1000;
const MAIL = {
  id: "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11",
  mail: { to: "ada@example.com", subject: "Grüße", text: "Hello.\n", html: "<p>Hello.</p>" },
};

async function sendOne(url: string): Promise<MailFailure | null> {
  const session = await new SmtpServer(parseSmtpUrl(url), FROM).open();
  try {
    return await session.send(MAIL.id, MAIL.mail);
  } finally {
    session.close();
  }
}

describe("sending mail", () => {
  it("passes a mail to the server unchanged, with its own Message-ID", async () => {
    const server = await startMailServer();
    assert.equal(await sendOne(`smtp://127.0.0.1:${server.port}`), null);
    const [mail] = server.mails;
    assert.deepEqual(mail?.to, ["ada@example.com"]);
    assert.equal(mail.from, "opensend@example.com");
    assert.match(mail.raw, new RegExp(`^Message-ID: <${MAIL.id}@example\\.com>\\r?$`, "m"));
    assert.match(mail.raw, /^From: OpenSend <opensend@example\.com>\r?$/m);
    assert.match(mail.raw, /^Auto-Submitted: auto-generated\r?$/m);
    assert.match(textOf(mail), /Hello\./);
    await server.close();
  });

  it("signs in, and reports a refused login without showing it", async () => {
    const server = await startMailServer({ login: { user: "ada", password: "hunter2-hunter2" } });
    assert.equal(await sendOne(`smtp://ada:hunter2-hunter2@127.0.0.1:${server.port}`), null);
    assert.equal(server.mails[0]?.user, "ada");
    const failure = await sendOne(`smtp://ada:wr0ng-secret@127.0.0.1:${server.port}`);
    assert.equal(failure?.code, "mail_login_refused");
    assert.doesNotMatch(JSON.stringify(failure), /wr0ng/);
    await server.close();
  });

  it("sends nothing without STARTTLS if TLS is required, or with an untrusted certificate", async () => {
    const plain = await startMailServer();
    const failure = await sendOne(`smtp://127.0.0.1:${plain.port}?tls=starttls`);
    assert.equal(failure?.code, "mail_tls_failed");
    assert.equal(plain.mails.length, 0);
    await plain.close();
    const certificate = await createSelfSigned("localhost");
    const unknown = await startMailServer({ certificate });
    const other = await sendOne(`smtp://localhost:${unknown.port}?tls=starttls`);
    assert.ok(other !== null && /TLS/.test(other.message), JSON.stringify(other));
    await unknown.close();
    const implicit = await startMailServer({ certificate, isImplicit: true });
    const third = await sendOne(`smtps://localhost:${implicit.port}`);
    assert.ok(third !== null && /TLS/.test(third.message), JSON.stringify(third));
    assert.equal(unknown.mails.length + implicit.mails.length, 0);
    await implicit.close();
  });

  it("distinguishes a refused mail from a deferred one", async () => {
    const server = await startMailServer();
    server.refusal = { code: 550, message: "No such user here" };
    const refused = await sendOne(`smtp://127.0.0.1:${server.port}`);
    assert.deepEqual([refused?.code, refused?.isPermanent], ["mail_refused", true]);
    assert.match(refused?.message ?? "", /No such user here/);
    server.refusal = { code: 451, message: "Greylisted" };
    const deferred = await sendOne(`smtp://127.0.0.1:${server.port}`);
    assert.deepEqual([deferred?.code, deferred?.isPermanent], ["mail_deferred", false]);
    await server.close();
  });

  it("reports an unreachable server, and checks a server without sending", async () => {
    const port = await freePort();
    assert.equal((await sendOne(`smtp://127.0.0.1:${port}`))?.code, "mail_server_unreachable");
    const server = await startMailServer();
    const check = (url: string) => new SmtpServer(parseSmtpUrl(url), FROM).check();
    assert.equal(await check(`smtp://127.0.0.1:${server.port}`), null);
    assert.equal((await check(`smtp://127.0.0.1:${port}`))?.code, "mail_server_unreachable");
    assert.equal(server.mails.length, 0);
    await server.close();
  });

  it("gives up on a server that never responds", async () => {
    const server = await startSilentServer();
    const silent = new SmtpServer(parseSmtpUrl(`smtp://127.0.0.1:${server.port}`), FROM, 200);
    assert.equal((await silent.check())?.code, "mail_timeout");
    const session = await silent.open();
    assert.equal((await session.send(MAIL.id, MAIL.mail))?.code, "mail_timeout");
    session.close();
    server.close();
  });
});

forEachDatabase((makeDatabase) => {
  describe("queued mail", () => {
    let store: Store;
    let database: TestDatabase;
    let remove: () => Promise<void>;
    let server: TestMailServer;
    let now = Date.parse("2026-06-06T08:00:00Z");
    let outcomes: [string, string | null][] = [];

    before(async () => {
      ({ store, database, remove } = await openMigrated(makeDatabase));
      server = await startMailServer();
    });
    after(async () => {
      await server.close();
      await remove();
    });

    function postman(of: Store = store): Postman {
      return new Postman({
        store: of,
        keyring: KEYRING,
        smtp: new SmtpServer(parseSmtpUrl(`smtp://127.0.0.1:${server.port}`), FROM),
        now: () => now,
        recordOutcome: async (_trx, reference, failure) => {
          outcomes.push([reference, failure?.code ?? null]);
        },
        onFailure: () => undefined,
      });
    }

    function queue(...subjects: string[]): Promise<number> {
      const mails = subjects.map((subject) => ({
        content: { to: "ada@example.com", subject, paragraphs: ["The s3cr3t link."], footer: "Footer." },
        reference: subject,
        lifetimeMs: HOUR_MS,
      }));
      return store.transact((trx) => queueMails(trx, KEYRING, mails, now));
    }

    const waiting = () => store.db.selectFrom("mails").selectAll().execute();
    const reset = async () => {
      await store.db.deleteFrom("mails").execute();
      server.mails.length = 0;
      server.refusal = null;
      outcomes = [];
    };

    it("is stored sealed, sent once and deleted", async () => {
      await reset();
      assert.equal(await queue("one", "two"), 2);
      assert.doesNotMatch(JSON.stringify(await waiting()), /s3cr3t|ada@|Footer/);
      await postman().sendSome();
      await postman().sendSome();
      assert.equal(server.mails.length, 2);
      assert.match(textOf(server.mails[0] ?? assert.fail()), /The s3cr3t link\./);
      assert.deepEqual(await waiting(), []);
      assert.deepEqual(outcomes, [
        ["one", null],
        ["two", null],
      ]);
    });

    it("is retried after growing delays, and given up in the end", async () => {
      await reset();
      await queue("late");
      server.refusal = { code: 451, message: "Later" };
      const delays: number[] = [];
      for (;;) {
        await postman().sendSome();
        const [row] = await waiting();
        if (row === undefined) break;
        delays.push(row.due_at - now);
        await postman().sendSome();
        now = row.due_at;
      }
      assert.deepEqual(delays.slice(0, 3), [30_000, 60_000, 120_000]);
      assert.deepEqual(outcomes, [["late", "mail_deferred"]]);
      assert.equal(server.mails.length, 0);
    });

    it("is given up if it is refused, and the next is sent", async () => {
      await reset();
      await queue("refused");
      server.refusal = { code: 550, message: "No such user" };
      await postman().sendSome();
      server.refusal = null;
      await queue("taken");
      await postman().sendSome();
      assert.deepEqual(outcomes, [
        ["refused", "mail_refused"],
        ["taken", null],
      ]);
    });

    it("is sent by one process at a time", async () => {
      await reset();
      await queue(...Array.from({ length: 10 }, (_, i) => `mail ${i}`));
      const other = database.open();
      await Promise.all([postman().sendSome(), postman(other).sendSome(), postman(other).sendSome()]);
      await postman().sendSome();
      await other.close();
      assert.equal(server.mails.length, 10);
      assert.equal(new Set(server.mails.map(({ raw }) => /^Message-ID: (.*)$/m.exec(raw)?.[1])).size, 10);
    });

    it("is sent by another process when the first ended while sending", async () => {
      await reset();
      await queue("kept");
      // As left by a process that was killed while sending.
      await store.db
        .updateTable("mails")
        .set({ claimed_until: now + 90_000 })
        .execute();
      await postman().sendSome();
      assert.equal(server.mails.length, 0);
      now += 90_001;
      await postman().sendSome();
      assert.equal(server.mails.length, 1);
    });

    it("is given up if it cannot be decrypted any more", async () => {
      await reset();
      await queue("unreadable");
      await store.db.updateTable("mails").set({ sealed: "v1.00000000.AAAA" }).execute();
      await postman().sendSome();
      assert.deepEqual(outcomes, [["unreadable", "mail_failed"]]);
    });

    it("is deleted when it expires", async () => {
      await reset();
      await queue("old");
      now += HOUR_MS;
      assert.equal(await store.transact((trx) => deleteExpiredMails(trx, now, 100)), 1);
      assert.deepEqual(await waiting(), []);
    });
  });
});
