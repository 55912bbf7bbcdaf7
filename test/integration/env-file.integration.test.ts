import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { forEachDatabase } from "../support/databases.ts";
import { runCommand } from "../support/server.ts";

const PASSWORD = "a long enough password";
const folder = mkdtempSync(join(tmpdir(), "opensend-test-"));
after(() => rmSync(folder, { recursive: true }));

forEachDatabase((makeDatabase) => {
  describe("--env-file", () => {
    it("makes commands use the server's database, whatever characters its URL contains", async () => {
      const database = await makeDatabase();
      const variables = { ...database.environment };
      const { DATABASE_URL: url } = variables as { DATABASE_URL?: string };
      // An unquoted & would end the command if a shell read the file.
      if (url !== undefined) {
        const parameters = "application_name=a&client_encoding=utf8";
        Object.assign(variables, { DATABASE_URL: `${url}${url.includes("?") ? "&" : "?"}${parameters}` });
      }
      const file = join(folder, `${database.dataDir.replaceAll("/", "-")}.env`);
      const lines = Object.entries({ OPENSEND_DATA_DIR: database.dataDir, ...variables });
      writeFileSync(file, lines.map(([name, value]) => `${name}=${value}\n`).join(""));
      writeFileSync(join(folder, "password"), `"${PASSWORD}"\n`);
      const created = await runCommand(
        ["users", "create", "--email", "a@b.c", "--name", "A", "--role", "owner", "--env-file", file],
        { OPENSEND_PASSWORD_FILE: join(folder, "password") },
      );
      assert.equal(created.code, 0, created.stderr);
      assert.match(
        created.stdout,
        url === undefined ? /opensend\.db, so its role/ : /of DATABASE_URL, so its role/,
      );
      const listed = await runCommand(["--env-file", file, "api-keys", "list"], {});
      assert.equal(listed.code, 0, listed.stderr);
      const store = database.open();
      assert.equal((await store.db.selectFrom("users").select("id").execute()).length, 1);
      await store.close();
      await database.remove();
    });
  });
});

describe("commands that need a server's data", () => {
  it("create no database when a variable is missing", async () => {
    const dataDir = join(folder, "none");
    for (const args of [
      ["api-keys", "list"],
      ["api-keys", "create", "--name", "x", "--access", "full_access"],
      ["secrets", "rotate"],
      ["users", "set-password", "--email", "a@b.c"],
      ["backup", join(folder, "copy.db")],
    ]) {
      const run = await runCommand(args, { OPENSEND_DATA_DIR: dataDir, OPENSEND_PASSWORD: PASSWORD });
      assert.equal(run.code, 1, args.join(" "));
      assert.match(run.stderr, /There is no database at .*DATABASE_URL is not set.*--env-file/);
      assert.ok(!existsSync(dataDir));
    }
  });

  it("say what is wrong with the file of --env-file, and exit with 2", async () => {
    const run = await runCommand(["api-keys", "list", "--env-file", join(folder, "missing")], {});
    assert.equal(run.code, 2);
    assert.match(run.stderr, /environment file .*missing cannot be read \(ENOENT\)/);
    assert.ok(!readdirSync(folder).includes("data"));
  });
});
