import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { runCommand, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const PROGRAM = join(import.meta.dirname, "..", "..", "bin", "opensend.js");
const skip = existsSync("/dev/full") ? false : "needs /dev/full";

forEachDatabase((makeDatabase, dialect) => {
  describe("lost output", { skip }, () => {
    let database: TestDatabase;
    before(async () => {
      database = await makeDatabase();
      const created = await runCommand(
        ["users", "create", "--email", "a@b.c", "--name", "A", "--role", "owner"],
        { ...database.environment, OPENSEND_PASSWORD: "a long enough password" },
      );
      assert.equal(created.code, 0, created.stderr);
    });
    after(() => database.remove());

    const run = async (args: readonly string[], to: "/dev/full" | "closed pipe") => {
      const child = spawn(process.execPath, [PROGRAM, ...args], {
        env: {
          PATH: process.env["PATH"],
          ...database.environment,
          OPENSEND_PASSWORD: "a long enough password",
        },
        stdio: ["ignore", to === "closed pipe" ? "pipe" : openSync(to, "w"), "pipe"],
      });
      child.stdout?.destroy();
      let stderr = "";
      child.stderr?.on("data", (chunk: Buffer) => {
        stderr += chunk.toString("utf8");
      });
      const [code] = await once(child, "close");
      return { code, stderr };
    };
    const CODES = { "/dev/full": "ENOSPC", "closed pipe": "EPIPE" } as const;

    for (const to of ["/dev/full", "closed pipe"] as const) {
      it(`makes creating a key fail, and revokes the key: ${to}`, async () => {
        const created = await run(["api-keys", "create", "--name", to, "--access", "full_access"], to);
        assert.equal(created.code, 1);
        assert.match(
          created.stderr,
          new RegExp(`could not be written \\(${CODES[to]}\\).*so it was revoked`),
        );
        assert.doesNotMatch(created.stderr, /os_| {4}at /);
        const store = database.open();
        const keys = await store.db
          .selectFrom("api_keys")
          .select("revoked_at")
          .where("name", "=", to)
          .execute();
        assert.equal(keys.length, 1);
        assert.ok(keys.every((key) => key.revoked_at !== null));
        await store.close();
      });

      for (const args of [
        ["api-keys", "list"],
        ["users", "set-password", "--email", "a@b.c"],
        ["secrets", "rotate"],
        ["migrate"],
        ["doctor"],
        ["--help"],
        ["--version"],
        ["listen", "--port", "0"],
      ]) {
        it(`makes \`${args.join(" ")}\` fail: ${to}`, async () => {
          const lost = await run(args, to);
          assert.equal(lost.code, 1);
          assert.match(lost.stderr, new RegExp(`could not be written \\(${CODES[to]}\\)`));
          assert.doesNotMatch(lost.stderr, / {4}at /);
        });
      }
    }

    it("does not stop a server if it is the log, and is reported once", {
      skip: dialect === "postgres",
    }, async () => {
      const server = await startServer(database.environment, { dataDir: database.dataDir });
      server.process.stdout?.destroy();
      server.process.kill("SIGTERM");
      const [code] = await once(server.process, "exit");
      assert.equal(code, 0, server.output());
      await until(() => /continues without logging.*EPIPE/.test(server.output()));
    });
  });
});
