import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Command } from "commander";
import { createProgram } from "../../src/cli/program.ts";
import { opensendSignature } from "../../src/crypto/opensend-signature.ts";
import { ApiClient, setUpOwner } from "../support/api-client.ts";
import { createAuthority } from "../support/certificates.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { seedDeliveries } from "../support/seed-deliveries.ts";
import { runCommand, startServer } from "../support/server.ts";

const PROJECT_DIR = join(import.meta.dirname, "..", "..");
const UNREACHABLE_PROXY = { OPENSEND_OUTBOUND_PROXY: "http://127.0.0.1:9" };

forEachDatabase((makeDatabase, dialect) => {
  describe("users and keys from the command line", () => {
    let database: TestDatabase;
    before(async () => {
      database = await makeDatabase();
    });
    after(() => database.remove());

    const run = (args: readonly string[], environment: Record<string, string> = {}) =>
      runCommand(args, { ...database.environment, ...environment });
    const store = async (work: (store: ReturnType<TestDatabase["open"]>) => Promise<unknown>) => {
      const opened = database.open();
      await work(opened);
      await opened.close();
    };
    const createUser = (email: string, role: string, password = "a long enough password") =>
      run(["users", "create", "--email", email, "--name", "Name", "--role", role], {
        OPENSEND_PASSWORD: password,
      });

    it("create workspace and owner on an empty instance, then others, and refuse duplicates and short passwords", async () => {
      const early = await run(["api-keys", "create", "--name", "x", "--access", "full_access"]);
      assert.equal(early.code, 1);
      assert.match(early.stderr, /no workspace yet/);
      const first = await createUser("First@Example.com", "viewer");
      assert.equal(first.code, 0, first.stderr);
      assert.match(first.stdout, /its role is owner/);
      assert.equal((await createUser("second@example.com", "viewer")).code, 0);
      const double = await createUser("first@example.com", "admin");
      assert.equal(double.code, 1);
      assert.match(double.stderr, /already an account/);
      const short = await createUser("third@example.com", "admin", "short");
      assert.equal(short.code, 1);
      assert.match(short.stderr, /12 to 128 characters/);
      assert.ok(!short.stderr.includes("short "));
      const asked = await run(["users", "create", "--email", "a@b.c", "--name", "N", "--role", "admin"]);
      assert.equal(asked.code, 1);
      assert.match(asked.stderr, /Set OPENSEND_PASSWORD/);
    });

    it("reset a lost password, end all sessions of the account, and are recorded in the audit log", async () => {
      const [lost, fresh] = ["a long enough password", "a password that is fresh"];
      assert.equal((await createUser("ada@example.com", "owner", lost)).code, 0);
      const server = await startServer({ ...database.environment }, { dataDir: database.dataDir });
      const signIn = async (email: string, password: string) => {
        const client = new ApiClient(server.url);
        return { client, status: (await client.post("/api/session", { email, password })).status };
      };
      const sessions = [await signIn("ada@example.com", lost), await signIn("ada@example.com", lost)];
      const other = await signIn("first@example.com", lost);
      const setPassword = (email: string, environment: Record<string, string>) =>
        run(["users", "set-password", "--email", email], environment);

      const unknown = await setPassword("nobody@example.com", {});
      assert.equal(unknown.code, 1);
      assert.match(unknown.stderr, /no account with this email.*users create/);
      const asked = await setPassword("ada@example.com", {});
      assert.deepEqual([asked.code, /Set OPENSEND_PASSWORD/.test(asked.stderr)], [1, true]);
      const short = await setPassword("ada@example.com", { OPENSEND_PASSWORD: "short" });
      assert.deepEqual([short.code, /12 to 128 characters/.test(short.stderr)], [1, true]);
      for (const { client } of sessions) assert.equal((await client.get("/api/session")).status, 200);

      const set = await setPassword(" Ada@Example.com ", { OPENSEND_PASSWORD: fresh });
      assert.equal(set.code, 0, set.stderr);
      assert.match(set.stdout, /^set the password of user [0-9a-f-]{36}, ended 2 sessions$/m);
      for (const { client } of sessions) assert.equal((await client.get("/api/session")).status, 401);
      assert.equal((await other.client.get("/api/session")).status, 200, "other people's stay");
      assert.equal((await signIn("ada@example.com", lost)).status, 401);
      const again = await signIn("ada@example.com", fresh);
      assert.equal(again.status, 200);
      const log = await again.client.get("/api/audit-log?action=user.password_changed");
      assert.deepEqual(
        log.body.data.map(({ actor, metadata }: { actor: { kind: string }; metadata: object }) => [
          actor.kind,
          metadata,
        ]),
        [["cli", { name: "Name", sessions_ended: 2 }]],
      );
      assert.ok(!`${log.text}${set.stdout}${set.stderr}`.includes(fresh));
      await server.stop();
    });

    it("print a new key alone on the last line, list it masked, and revoke it for a running server", async () => {
      const created = await run(["api-keys", "create", "--name", "CI", "--access", "full_access"]);
      assert.equal(created.code, 0, created.stderr);
      const key = created.stdout.trimEnd().split("\n").at(-1) ?? "";
      assert.match(key, /^os_[A-Za-z0-9_-]{43}$/);
      const server = await startServer({ ...database.environment }, { dataDir: database.dataDir });
      const api = new ApiClient(server.url, { key });
      assert.equal((await api.get("/api/integrations")).status, 200);
      const listed = await run(["api-keys", "list"]);
      assert.ok(!listed.stdout.includes(key));
      const [id = "", shown, access, state, name] = listed.stdout.trim().split("\t");
      assert.deepEqual(
        [shown, access, state, name],
        [`${key.slice(0, 7)}…${key.slice(-4)}`, "full_access", "active", "CI"],
      );
      assert.equal((await run(["api-keys", "revoke", id])).code, 0);
      const deadline = Date.now() + 5000;
      while ((await api.get("/api/integrations")).status !== 401) {
        assert.ok(Date.now() < deadline, "another process's revocation is seen within seconds");
      }
      await server.stop();
      assert.equal((await run(["api-keys", "revoke", "nonsense"])).code, 2);
      await store(({ db }) =>
        db
          .updateTable("api_keys")
          .set({ revoked_at: null, expires_at: Date.now() - 1 })
          .execute(),
      );
      assert.match((await run(["api-keys", "list"])).stdout, /\texpired\tCI/);
    });
  });

  describe("start", () => {
    it("listens, responds to health and ready, and exits with 0 at SIGTERM", async () => {
      const database = await makeDatabase({ isEmpty: true });
      const server = await startServer(database.environment, { dataDir: database.dataDir });
      const api = new ApiClient(server.url);
      const health = await api.get("/api/health");
      assert.equal(health.body.status, "ok");
      assert.match(health.body.version, /^\d+\.\d+\.\d+$/);
      assert.deepEqual((await api.get("/api/ready")).body, { status: "ready" });
      assert.equal((await api.get("/openapi.json")).body.openapi, "3.1.0");
      const docs = await api.get("/docs/api/integrations");
      assert.match(docs.text, /POST<\/span> <code>\/api\/integrations\/webhook/);
      assert.match((await api.get("/docs/errors/unsafe_url")).text, /OPENSEND_OUTBOUND_ALLOWED_CIDRS/);
      assert.equal((await api.get("/docs/errors/nothing")).status, 404);
      assert.equal(await server.stop(), 0);
      assert.match(server.output(), /"msg":"stopped"/);
      await database.remove();
    });

    it("says which port is taken", async () => {
      const database = await makeDatabase();
      const blocker = createServer();
      await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
      const { port } = blocker.address() as AddressInfo;
      const run = await runCommand(["start"], { ...database.environment, PORT: String(port) });
      assert.equal(run.code, 1);
      assert.match(run.stderr, new RegExp(`Port ${port} on 127.0.0.1 is already in use`));
      blocker.close();
      await database.remove();
    });

    it("is alive but not ready when its tables are missing", async () => {
      const database = await makeDatabase();
      const server = await startServer(database.environment, { dataDir: database.dataDir });
      const store = database.open();
      await store.db.schema.alterTable("schema_migrations").renameTo("gone").execute();
      await store.close();
      const api = new ApiClient(server.url);
      const ready = await api.get("/api/ready");
      assert.equal(ready.status, 503);
      assert.ok(Number(ready.headers.get("retry-after")) > 0);
      assert.equal((await api.get("/api/health")).status, 200);
      await server.stop();
      await database.remove();
    });

    it("refuses a database of a newer version", async () => {
      const database = await makeDatabase();
      const store = database.open();
      await store.db
        .insertInto("schema_migrations")
        .values({ number: 99, name: "future", applied_at: 0 })
        .execute();
      await store.close();
      const run = await runCommand(["start"], { ...database.environment, PORT: "0" });
      assert.equal(run.code, 1);
      assert.match(run.stderr, /schema 99, this version of OpenSend knows \d+/);
      await database.remove();
    });
  });

  describe("doctor", () => {
    it("finds nothing wrong with a fresh instance except that the internet is unreachable", async () => {
      const database = await makeDatabase({ isEmpty: true });
      const environment = { ...database.environment, ...UNREACHABLE_PROXY, PORT: "0" };
      await runCommand(["migrate"], environment);
      const run = await runCommand(["doctor"], environment);
      assert.equal(run.code, 0, run.stdout + run.stderr);
      for (const check of [
        `ok    database (${dialect})`,
        "ok    connections: 0, none unhealthy",
        "ok    backlog: 0 pending deliveries, none overdue",
        "ok    pending counts: equal a recount of 0 pending deliveries",
        "ok    sealing key",
        "ok    clock",
        "ok    trusted CAs",
        "warn  egress",
        "ok    port",
      ]) {
        assert.ok(run.stdout.includes(check), `${check}\n${run.stdout}`);
      }
      assert.match(run.stdout, /OPENSEND_OUTBOUND_PROXY/);
      await database.remove();
    });

    it("shows which certificate authorities are trusted, and reports a file of them that cannot be read", async () => {
      const database = await makeDatabase({ isEmpty: true });
      const environment = { ...database.environment, ...UNREACHABLE_PROXY, PORT: "0" };
      await runCommand(["migrate"], environment);
      const file = join(scratch(), "ca.pem");
      const unreadable = await runCommand(["doctor"], { ...environment, NODE_EXTRA_CA_CERTS: file });
      assert.match(unreadable.stdout, /warn {2}trusted CAs: \d+; nothing could be read from .*ca\.pem/);
      writeFileSync(file, (await createAuthority()).cert);
      const read = await runCommand(["doctor"], { ...environment, NODE_EXTRA_CA_CERTS: file });
      assert.match(read.stdout, /ok {4}trusted CAs: \d+, 1 of them from NODE_EXTRA_CA_CERTS \(.*ca\.pem\)/);
      await database.remove();
    });

    it("warns of unhealthy connections and overdue deliveries without failing", async () => {
      const database = await makeDatabase();
      const server = await startServer(database.environment, { dataDir: database.dataDir });
      const owner = await setUpOwner(server);
      const { body } = await owner.post("/api/integrations/inspector", {});
      await server.stop();
      const store = database.open();
      const connection = store.db.updateTable("connections").where("id", "=", body.data.id);
      await connection.set({ health: "unhealthy", name: "Zap\u001b[2J" }).execute();
      const { workspace_id: workspaceId } = await store.db
        .selectFrom("connections")
        .select("workspace_id")
        .executeTakeFirstOrThrow();
      const seed = { workspaceId, connectionId: body.data.id, count: 3, status: "pending" } as const;
      await seedDeliveries(store.db, { ...seed, from: Date.now() - 600_000 });
      await store.close();
      const run = await runCommand(["doctor"], { ...database.environment, ...UNREACHABLE_PROXY, PORT: "0" });
      assert.equal(run.code, 0, run.stdout + run.stderr);
      assert.match(run.stdout, /warn {2}connections: 1 of 1 unhealthy: Zap�\[2J \([0-9a-f-]{36}\)\n/);
      assert.match(run.stdout, /warn {2}backlog: 3 pending deliveries, the oldest overdue by 6\d\d s\n/);
      await database.remove();
    });
  });
});

describe("without a database", () => {
  it("commands say that PostgreSQL does not respond, with a fix and without the URL", async () => {
    const environment = {
      DATABASE_URL: "postgres://user:verysecretpassword@127.0.0.1:9/x",
      OPENSEND_DATA_DIR: scratch(),
    };
    const doctor = await runCommand(["doctor"], { ...environment, ...UNREACHABLE_PROXY, PORT: "0" });
    assert.equal(doctor.code, 1);
    assert.match(
      doctor.stdout,
      /FAIL {2}database \(postgres\): unreachable \(ECONNREFUSED\)\n +Start the database/,
    );
    const start = await runCommand(["start"], { ...environment, PORT: "0" });
    assert.equal(start.code, 1);
    assert.match(start.stderr, /The database is unreachable/);
    assert.doesNotMatch(doctor.stdout + doctor.stderr + start.stderr + start.stdout, /verysecretpassword/);
  });

  it("the doctor reports the missing file, and creates none", async () => {
    const folder = scratch();
    const dataDir = join(folder, "typo");
    const doctor = await runCommand(["doctor"], {
      OPENSEND_DATA_DIR: dataDir,
      ...UNREACHABLE_PROXY,
      PORT: "0",
    });
    assert.equal(doctor.code, 1);
    assert.match(
      doctor.stdout,
      /FAIL {2}database \(sqlite\): not found at .*typo.*\n +Set OPENSEND_DATA_DIR/,
    );
    assert.match(doctor.stdout, /ok {4}sealing key: none yet/);
    assert.match(doctor.stdout, /ok {4}backlog: none/);
    const environment = { OPENSEND_DATA_DIR: dataDir, ...UNREACHABLE_PROXY, PORT: "0" };
    const key = "8f1c2b3a4d5e6f708192a3b4c5d6e7f8";
    const withKey = await runCommand(["doctor"], { ...environment, INTEGRATION_SECRET_ENCRYPTION_KEY: key });
    assert.match(
      withKey.stdout,
      /sealing key: from INTEGRATION_SECRET_ENCRYPTION_KEY, id [0-9a-f]{8}; nothing/,
    );
    const weak = await runCommand(["doctor"], { ...environment, INTEGRATION_SECRET_ENCRYPTION_KEY: "short" });
    assert.equal(weak.code, 2);
    assert.match(weak.stderr, /sealing key has 5 characters/);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("start reports all invalid options together, by name and not by value", async () => {
    const run = await runCommand(["start"], {
      PORT: "eighty",
      LOG_LEVEL: "loud",
      DATABASE_URL: "mysql://root:verysecretpassword@db/x",
      OPENSEND_OUTBOUND_ALLOWED_CIDRS: "10.0.0.0/8, everything",
    });
    assert.equal(run.code, 2);
    for (const name of ["PORT", "LOG_LEVEL", "DATABASE_URL", "OPENSEND_OUTBOUND_ALLOWED_CIDRS"]) {
      assert.match(run.stderr, new RegExp(`- ${name} must`));
    }
    assert.doesNotMatch(run.stderr, /verysecretpassword|eighty|loud/);
  });
});

describe("help", () => {
  it("exists for every command, and wrong usage exits with 2", async () => {
    const commands = [
      [],
      ["start"],
      ["migrate"],
      ["users", "create"],
      ["users", "set-password"],
      ["api-keys", "create"],
      ["secrets", "rotate"],
      ["listen"],
      ["doctor"],
      ["demo"],
    ];
    const runs = await Promise.all(commands.map((command) => runCommand([...command, "--help"], {})));
    for (const [index, run] of runs.entries()) {
      assert.equal(run.code, 0, commands[index]?.join(" "));
      assert.match(run.stdout, /Usage: opensend/);
    }
    for (const wrong of [
      ["unknown"],
      ["users", "create"],
      ["api-keys", "create", "--name", "x", "--access", "all"],
    ]) {
      const run = await runCommand(wrong, {});
      assert.equal(run.code, 2, run.stderr);
      assert.match(run.stderr, /error:/);
    }
    for (const name of ["\u200b", "\u2800", "a\u202eb", " ", "n".repeat(101)]) {
      for (const command of [
        ["api-keys", "create", "--access", "full_access"],
        ["users", "create", "--role", "admin", "--email", "a@b.c"],
      ]) {
        const run = await runCommand([...command, "--name", name], {});
        assert.equal(run.code, 2, run.stderr);
        assert.match(run.stderr, /--name (must|is refused)/);
      }
    }
    const email = ["users", "create", "--role", "admin", "--name", "N", "--email", "a\u200b@b.c"];
    assert.match((await runCommand(email, {})).stderr, /--email is not an email address/);
    const wrongPort = await runCommand(["listen", "--port", "x"], {});
    assert.equal(wrongPort.code, 2);
    assert.match(wrongPort.stderr, /--port must be a whole number/);
  });
});

describe("demo", () => {
  it("shows request, response and verified signature, and leaves nothing behind", async () => {
    const home = scratch();
    const run = await runCommand(["demo", "--once"], { TMPDIR: home });
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /x-opensend-signature: [0-9a-f]{64}/);
    assert.match(run.stdout, /"type":"integration\.test"/);
    assert.match(run.stdout, /200 OK in \d+ ms/);
    assert.match(run.stdout, /x-opensend-signature verified/);
    assert.deepEqual(readdirSync(home), []);
    rmSync(home, { recursive: true });
  });
});

describe("listen", () => {
  it("prints each request and whether its signature is valid", async () => {
    const child = spawn(process.execPath, ["bin/opensend.js", "listen", "--port", "0"], {
      cwd: PROJECT_DIR,
      env: { ...process.env, OPENSEND_SIGNING_SECRET: "listen-secret" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const until = (pattern: RegExp) =>
      new Promise<RegExpExecArray>((resolve) => {
        const look = () => {
          const found = pattern.exec(output);
          if (found !== null) resolve(found);
        };
        child.stdout.on("data", look);
        look();
      });
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
    const [, url = ""] = await until(/Listening on (http:\S+\d)/);
    const timestamp = Math.floor(Date.now() / 1000);
    const post = (signature: string) =>
      fetch(url, {
        method: "POST",
        body: '{"a":1}',
        headers: { "x-opensend-timestamp": String(timestamp), "x-opensend-signature": signature },
      });
    assert.equal((await post(opensendSignature("listen-secret", timestamp, '{"a":1}'))).status, 200);
    await until(/signature verified/);
    assert.equal((await post("0".repeat(64))).status, 401);
    await until(/signature refused: signature does not match/);
    assert.doesNotMatch(output, /listen-secret/);
    child.kill("SIGTERM");
    await new Promise((resolve) => child.once("exit", resolve));
  });

  it("accepts no secret as an argument, which the process list would show, and asks only on a terminal", async () => {
    for (const given of [["--secret", "listen-secret"], ["--secret=listen-secret"]]) {
      const argument = await runCommand(["listen", "--port", "0", ...given], {});
      assert.equal(argument.code, 2);
      assert.match(argument.stderr, /unknown option '--secret'/);
      assert.doesNotMatch(argument.stderr, /listen-secret/);
    }
    const asked = await runCommand(["listen", "--port", "0", "--ask-secret"], {});
    assert.equal(asked.code, 1);
    assert.match(asked.stderr, /no terminal to ask for a value\. Set OPENSEND_SIGNING_SECRET/);
    const wrong = await runCommand(["listen", "--port", "0"], { OPENSEND_SIGNING_SECRET: "whsec_s3cr3t" });
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /24 to 64 bytes in base64/);
    assert.doesNotMatch(wrong.stderr, /s3cr3t/);
  });

  it("no command accepts a secret as an argument", () => {
    const optionsOf = (command: Command): string[] => [
      ...command.options.map(({ long }) => long ?? ""),
      ...command.commands.flatMap(optionsOf),
    ];
    const values = optionsOf(createProgram()).filter((name) => !name.startsWith("--ask-"));
    assert.ok(values.includes("--port"));
    assert.deepEqual(
      values.filter((name) => /secret|password|token|key/.test(name)),
      [],
    );
  });
});

function scratch(): string {
  return mkdtempSync(join(tmpdir(), "opensend-test-"));
}
