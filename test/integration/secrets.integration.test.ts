import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ApiClient, OWNER } from "../support/api-client.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startInstance } from "../support/instance.ts";
import { JOINERS_PASSWORD, tokenIn } from "../support/join.ts";
import { startTestReceiver } from "../support/receiver.ts";
import { runCommand, startServer } from "../support/server.ts";

const KEYS = {
  base64: "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
  hex: "8f14e45fceea167a5a36dedd4bea2543c9f0f895fb98ab9159f51fd0297e236d",
  text: "correct-horse-battery-staple-2026",
};
/** The doctor checks whether the internet is reachable, which tests must not depend on. */
const UNREACHABLE_PROXY = { OPENSEND_OUTBOUND_PROXY: "http://127.0.0.1:9" };
const TOKEN = "tokenINurl9f8e7d6c5b4a";
const SECRET = "signing-secret-7a6b5c4d3e";

forEachDatabase((makeDatabase, dialect) => {
  describe("the sealing key", () => {
    it("is accepted in each of the three forms, and data sealed with one does not open with another", async () => {
      const receiver = await startTestReceiver();
      for (const key of Object.values(KEYS)) {
        const database = await makeDatabase();
        const instance = await startInstance(async () => database, {
          INTEGRATION_SECRET_ENCRYPTION_KEY: key,
        });
        const created = await instance.api.post("/api/integrations/webhook", {
          webhook_url: `${receiver.url}/${TOKEN}`,
        });
        const path = `/api/integrations/connections/${created.body.data.id}/test`;
        assert.equal((await instance.api.post(path)).body.delivery.ok, true);
        await instance.server.stop();
        const other = await startServer(
          {
            ...instance.environment,
            INTEGRATION_SECRET_ENCRYPTION_KEY: "a quite different key of enough length",
          },
          { dataDir: database.dataDir },
        );
        const api = new ApiClient(other.url, { key: instance.key });
        const tested = await api.post(path);
        assert.equal(tested.status, 200, "it stops nothing else");
        assert.equal(tested.body.delivery.error.code, "credentials_unreadable");
        assert.match(tested.body.delivery.explanation.action, /INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS/);
        assert.equal((await api.get("/api/integrations")).status, 200);
        await other.stop();
        await database.remove();
      }
      assert.equal(receiver.received.length, 3);
      await receiver.close();
    });

    it("falls back to WEBHOOK_SECRET_ENCRYPTION_KEY, then to a key in the data folder", async () => {
      const database = await makeDatabase();
      const doctor = async (environment: Record<string, string>) =>
        (await runCommand(["doctor"], { ...database.environment, ...UNREACHABLE_PROXY, ...environment }))
          .stdout;
      const fallback = { WEBHOOK_SECRET_ENCRYPTION_KEY: KEYS.hex };
      assert.match(await doctor(fallback), /sealing key: from WEBHOOK_SECRET_ENCRYPTION_KEY/);
      assert.match(
        await doctor({ ...fallback, INTEGRATION_SECRET_ENCRYPTION_KEY: KEYS.text }),
        /from INTEGRATION_SECRET_ENCRYPTION_KEY/,
      );
      const [first, second] = [await doctor({}), await doctor({})];
      assert.match(first, /from data folder, id [0-9a-f]{8}/);
      assert.equal(/id [0-9a-f]{8}/.exec(first)?.[0], /id [0-9a-f]{8}/.exec(second)?.[0]);
      await database.remove();
    });

    it("is required in production, and refused when short or repetitive, without being shown", async () => {
      const database = await makeDatabase();
      const start = (environment: Record<string, string>) =>
        runCommand(["start"], { ...database.environment, PORT: "0", ...environment });
      const missing = await start({ NODE_ENV: "production" });
      assert.equal(missing.code, 2);
      assert.match(missing.stderr, /INTEGRATION_SECRET_ENCRYPTION_KEY must be set in production/);
      assert.match(missing.stderr, /OPENSEND_SESSION_SECRET must be set in production/);
      for (const weak of ["short-key-12345", "aaaaaaaaaaaaaaaaaaaa", "abcabcabcabcabcabc", "0".repeat(64)]) {
        const refused = await start({ INTEGRATION_SECRET_ENCRYPTION_KEY: weak });
        assert.equal(refused.code, 2);
        assert.match(refused.stderr, /openssl rand -base64 32/);
        assert.ok(!refused.stderr.includes(weak) && !refused.stdout.includes(weak));
      }
      await database.remove();
    });
  });

  describe("rotation", () => {
    it("re-seals while the server runs, and afterwards the old key is no longer needed", async () => {
      const receiver = await startTestReceiver();
      const database = await makeDatabase();
      const first = await startInstance(async () => database, {
        INTEGRATION_SECRET_ENCRYPTION_KEY: KEYS.hex,
      });
      const ids: string[] = [];
      for (let index = 0; index < 3; index++) {
        const created = await first.api.post("/api/integrations/webhook", {
          webhook_url: `${receiver.url}/hooks/${index}`,
          signing_secret: SECRET,
        });
        ids.push(created.body.data.id);
      }
      await first.server.stop();
      const both = {
        ...first.environment,
        INTEGRATION_SECRET_ENCRYPTION_KEY: KEYS.base64,
        INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS: KEYS.hex,
      };
      const server = await startServer(both, { dataDir: database.dataDir });
      const api = new ApiClient(server.url, { key: first.key });
      const testAll = async () => {
        for (const id of ids) {
          const tested = await api.post(`/api/integrations/connections/${id}/test`);
          assert.equal(tested.body.delivery.ok, true, tested.text);
        }
      };
      const [rotated] = await Promise.all([runCommand(["secrets", "rotate"], both), testAll()]);
      assert.equal(rotated.code, 0, rotated.stderr);
      assert.match(rotated.stdout, /re-sealed 3, already current 0, unreadable 0/);
      await testAll();
      const again = await runCommand(["secrets", "rotate"], both);
      assert.match(again.stdout, /re-sealed 0, already current 3/);
      await server.stop();
      const { INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS: _, ...newOnly } = both;
      const last = await startServer(newOnly, { dataDir: database.dataDir });
      const after = new ApiClient(last.url, { key: first.key });
      assert.equal((await after.post(`/api/integrations/connections/${ids[0]}/test`)).body.delivery.ok, true);
      await last.stop();
      const lost = await runCommand(["secrets", "rotate"], {
        ...newOnly,
        INTEGRATION_SECRET_ENCRYPTION_KEY: KEYS.text,
      });
      assert.equal(lost.code, 1);
      assert.match(lost.stderr, /was sealed with key [0-9a-f]{8}, which is not at hand/);
      assert.match(lost.stderr, /INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS/);

      // One changed character: the key is right, but the ciphertext does not open.
      const store = database.open();
      const [damaged = ""] = ids;
      const { sealed_credentials: sealed } = await store.db
        .selectFrom("connections")
        .select("sealed_credentials")
        .where("id", "=", damaged)
        .executeTakeFirstOrThrow();
      const altered = String(sealed).replace(/.(?=.{20}$)/, (one) => (one === "A" ? "B" : "A"));
      await store.db
        .updateTable("connections")
        .set({ sealed_credentials: altered })
        .where("id", "=", damaged)
        .execute();
      await store.close();
      const broken = await runCommand(["secrets", "rotate"], newOnly);
      assert.equal(broken.code, 1);
      assert.match(broken.stdout, /already current 2, unreadable 1/);
      assert.ok(broken.stderr.includes(`${damaged} is damaged`), broken.stderr);
      const doctor = await runCommand(["doctor"], { ...newOnly, ...UNREACHABLE_PROXY });
      assert.equal(doctor.code, 1);
      assert.match(doctor.stdout, /FAIL {2}sealing key: .*does not open 1 of 3/);
      assert.ok(doctor.stdout.includes(`${damaged} is damaged`), doctor.stdout);
      await database.remove();
      await receiver.close();
    });
  });

  describe("after the whole flow", () => {
    it("URL token, signing secret, key and password are in no file, log, response, audit entry or table", async (t) => {
      const receiver = await startTestReceiver();
      receiver.respond = (response, request) => {
        response.writeHead(500, { "x-path": request.path });
        response.end(`${request.path} ${SECRET} ${JSON.stringify(request.headers)}`);
      };
      const database = await makeDatabase();
      const instance = await startInstance(async () => database, {
        LOG_LEVEL: "trace",
        INTEGRATION_SECRET_ENCRYPTION_KEY: KEYS.text,
      });
      const { api, owner } = instance;
      const urls = [
        `${receiver.url}/hooks/catch/${TOKEN}/x`,
        `${receiver.url}/${TOKEN}`,
        `${receiver.url}/webhook/${TOKEN}`,
        `${receiver.url}/api/webhooks/123/${TOKEN}`,
        `${receiver.url}/hook?token=${TOKEN}`,
        `https://${TOKEN.toLowerCase()}.m.pipedream.net/`,
      ];
      for (const webhook_url of urls) {
        const created = await api.post(
          "/api/integrations/webhook",
          { webhook_url, signing_secret: SECRET },
          { "idempotency-key": webhook_url.length.toString() },
        );
        const path = `/api/integrations/connections/${created.body.data.id}`;
        await owner.post(`${path}/test`);
        await owner.patch(path, { webhook_url, signing_secret: `${SECRET}2` });
        await owner.get(path);
        await owner.delete(path);
      }
      await api.post("/api/integrations/webhook", {
        webhook_url: `ftp://x/${TOKEN}`,
        signing_secret: SECRET,
      });
      await api.post(
        "/api/integrations/webhook",
        `{"webhook_url":"https://a.example/${TOKEN}" "signing_secret":"${SECRET}"}`,
      );
      await api.post("/api/integrations/webhook", {
        webhook_url: `https://10.0.0.1/${TOKEN}`,
        signing_secret: SECRET,
      });
      await new ApiClient(instance.server.url).post("/api/session", {
        email: OWNER.password,
        password: OWNER.password,
      });
      const guest = "guest@example.com";
      const invited = await owner.post("/api/invitations", { email: guest, role: "viewer" });
      const invitation = tokenIn(invited.body.url);
      const joiner = new ApiClient(instance.server.url);
      await joiner.post("/api/invitations/lookup", { token: invitation });
      await joiner.post("/api/invitations/accept", { token: invitation, password: "short" });
      await joiner.post("/api/invitations/accept", { token: invitation, password: JOINERS_PASSWORD });
      await joiner.post("/api/invitations/lookup", { token: invitation });
      await owner.get("/api/invitations");
      await owner.get("/api/members");
      await owner.get("/api/audit-log?limit=100");
      await owner.get("/api/integrations/connections");
      const needles = [
        TOKEN,
        TOKEN.toLowerCase(),
        SECRET,
        OWNER.password,
        KEYS.text,
        instance.key,
        invitation,
        JOINERS_PASSWORD,
      ];
      const texts: Record<string, string> = {
        // The responses that create the key and the invitation contain them once.
        answers: [...api.responses, ...owner.responses, ...joiner.responses]
          .join("\n")
          .replace(instance.key, "")
          .replace(invitation, ""),
        log: instance.server.output(),
        tables: await dumpTables(database),
      };
      await instance.server.stop();
      for (const name of readdirSync(database.dataDir)) {
        texts[`file ${name}`] = readFileSync(join(database.dataDir, name), "latin1");
      }
      let bytes = 0;
      for (const [name, text] of Object.entries(texts)) {
        bytes += text.length;
        for (const needle of needles) {
          assert.ok(!text.includes(needle), `${name} holds ${needle.slice(0, 5)}…`);
          assert.ok(!text.includes(encodeURIComponent(needle)), `${name} holds it percent-encoded`);
        }
      }
      assert.ok((texts["answers"]?.length ?? 0) > 10_000 && (texts["log"]?.length ?? 0) > 100);
      t.diagnostic(
        `${dialect}: ${Object.keys(texts).length} places, ${bytes} bytes, ${needles.length} secrets: none found`,
      );
      await database.remove();
      await receiver.close();
    });
  });
});

async function dumpTables(database: TestDatabase): Promise<string> {
  const store = database.open();
  const tables = await store.db.introspection.getTables();
  const rows = await Promise.all(
    tables.map((table) =>
      store.db
        .selectFrom(table.name as "events")
        .selectAll()
        .execute(),
    ),
  );
  await store.close();
  assert.ok(tables.length > 10);
  return JSON.stringify(rows);
}

it("keeps the project's own files free of keys", () => {
  const tracked = execFileSync("git", ["ls-files"], {
    cwd: join(import.meta.dirname, "..", ".."),
    encoding: "utf8",
  });
  assert.doesNotMatch(tracked, /\.(key|pem)$/m);
});
