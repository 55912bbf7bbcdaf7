import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { ConfigurationError } from "./configuration-error.ts";
import { parseEnvFile, readEnvironment } from "./env-file.ts";
import { loadOptions } from "./load.ts";

suite("an environment file", () => {
  const folder = mkdtempSync(join(tmpdir(), "opensend-env-"));
  after(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  const LINES: readonly [line: string, name: string, value: string][] = [
    ["DATABASE_URL=postgres://u:p@db/x?a=b&c=d", "DATABASE_URL", "postgres://u:p@db/x?a=b&c=d"],
    ["DATABASE_URL=postgres://u:p;$HOME`id`!@db/x", "DATABASE_URL", "postgres://u:p;$HOME`id`!@db/x"],
    ["export PORT = 80", "PORT", " 80"],
    ["  KEY=a=b==", "KEY", "a=b=="],
    ["KEY=a#b", "KEY", "a#b"],
    [`KEY="a # b"`, "KEY", `"a # b"`],
    ["KEY=", "KEY", ""],
  ];
  for (const [line, name, value] of LINES) {
    test(`reads ${line}`, () => {
      assert.deepEqual(parseEnvFile(`\n# comment\n; comment\r\n${line}\r\n`, "x"), { [name]: value });
    });
  }

  for (const line of [
    "s3cr3t",
    "1A=s3cr3t",
    "KEY=s3cr3t # comment",
    'KEY="s3cr3t" # comment',
    "KEY=s3cr3t\\",
  ]) {
    test(`refuses ${line}, naming file and line`, () => {
      assert.throws(
        () => parseEnvFile(`A=b\n${line}\n`, "the.env"),
        (error) => {
          assert.ok(error instanceof ConfigurationError);
          assert.match(error.message, /the\.env, line 2, must .+\./);
          assert.doesNotMatch(error.message, /s3cr3t/);
          return true;
        },
      );
    });
  }

  const read = (variables: Record<string, string>, envFile?: string) =>
    readEnvironment(variables, { envFile, folder });

  test("is .env in the working folder, except in production or when another one is named", () => {
    assert.deepEqual(read({ A: "b" }), { A: "b" }, "it may be missing");
    write(".env", "PORT=81");
    assert.equal(read({})["PORT"], "81");
    for (const production of ["production", " production ", '"production"']) {
      assert.equal(read({ NODE_ENV: production })["PORT"], undefined);
    }
    assert.equal(read({}, write("named.env", "HOST=::1"))["PORT"], undefined);
    assert.equal(read({ NODE_ENV: "production" }, join(folder, "named.env"))["HOST"], "::1");
  });

  const FILE = "PORT=81\nHOST=::1\nDATABASE_URL=postgres://db/x\nOPENSEND_PASSWORD_FILE=x";
  const PROCESS = {
    PORT: "82",
    HOST: " ",
    LOG_LEVEL: "warn",
    DATABASE_URL_FILE: "y",
    OPENSEND_PASSWORD: "z",
  };
  const names = ["PORT", "HOST", "LOG_LEVEL", "DATABASE_URL", "DATABASE_URL_FILE", "OPENSEND_PASSWORD_FILE"];

  test("yields to the process when it is .env, where a secret and its file count as one variable", () => {
    write(".env", FILE);
    const found = read(PROCESS);
    assert.deepEqual(
      names.map((name) => found[name]),
      ["82", "::1", "warn", undefined, "y", undefined],
    );
  });

  test("overrides the process when it is named, where a secret and its file count as one variable", () => {
    const found = read(PROCESS, write("all.env", FILE));
    assert.deepEqual(
      [...names, "OPENSEND_PASSWORD"].map((name) => found[name]),
      ["81", "::1", "warn", "postgres://db/x", undefined, "x", undefined],
    );
  });

  test("has its values cleaned like variables", () => {
    const path = write("quoted.env", `DATABASE_URL = "postgres://u:p@db/x?a=b&c=d"\nOPENSEND_PASSWORD=' a '`);
    const options = loadOptions(read({}, path));
    assert.deepEqual([options.databaseUrl, options.password], ["postgres://u:p@db/x?a=b&c=d", " a "]);
  });

  test("that is named and cannot be read is refused", () => {
    assert.throws(
      () => read({}, join(folder, "none")),
      /environment file .*none cannot be read \(ENOENT\)\./,
    );
  });
});
