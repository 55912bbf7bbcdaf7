import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { ConfigurationError } from "./configuration-error.ts";
import { loadOptions } from "./load.ts";
import { OPTIONS } from "./options.ts";

const VALUES: Readonly<Record<string, string>> = {
  DATABASE_URL: "postgres://u:s3cr3t@db/x?a=b&c=d",
  OPENSEND_DATABASE_LISTEN_URL: "postgres://u:s3cr3t@db/y",
  OPENSEND_SMTP_URL: "smtp://u:s3cr3t@mail:587",
  OPENSEND_OUTBOUND_PROXY: "http://u:s3cr3t@proxy:3128/",
  OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer s3cr3t",
};
/** The other required variables. */
const NEEDED: Readonly<Record<string, Record<string, string>>> = {
  OPENSEND_DATABASE_LISTEN_URL: { DATABASE_URL: "postgres://db/x" },
  OPENSEND_SMTP_URL: { OPENSEND_MAIL_FROM: "opensend@example.com" },
};
const VALUE = "s3cr3t-0123456789-0123456789-0123456789";

suite("secrets in files", () => {
  const folder = mkdtempSync(join(tmpdir(), "opensend-files-"));
  after(() => rmSync(folder, { recursive: true }));
  let files = 0;
  const write = (content: string | Buffer) => {
    const path = join(folder, `${files++}`);
    writeFileSync(path, content);
    return path;
  };
  const problemOf = (environment: Record<string, string>) => {
    try {
      loadOptions(environment);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      assert.doesNotMatch(error.message, /s3cr3t/);
      return error.problems.join();
    }
    return "none";
  };

  for (const [key, option] of Object.entries(OPTIONS)) {
    const value = VALUES[option.name] ?? VALUE;
    if (!option.secret) continue;
    test(`are read for ${option.name}_FILE, by the same rule as the variable`, () => {
      const read = (variable: Record<string, string>) =>
        loadOptions({ ...NEEDED[option.name], ...variable })[key as keyof typeof OPTIONS];
      const fromFile = read({ [`${option.name}_FILE`]: write(`\uFEFF"${value}"\r\n`) });
      assert.deepEqual(fromFile, read({ [option.name]: value }));
      assert.notEqual(fromFile, null);
    });
  }

  test("are supported only for secrets", () => {
    assert.equal(loadOptions({ PORT_FILE: write("8080") }).port, 3015);
  });

  test("can be pipes from a shell", () => {
    const load = join(import.meta.dirname, "load.ts");
    const script = `import { loadOptions } from ${JSON.stringify(load)};
      process.stdout.write(loadOptions({ OPENSEND_PASSWORD_FILE: process.argv[1] }).password);`;
    const command = `exec "$0" --input-type=module --eval "$1" -- <(echo ${VALUE})`;
    const output = execFileSync("bash", ["-c", command, process.execPath, script], { encoding: "utf8" });
    assert.equal(output, VALUE);
  });

  mkdirSync(join(folder, "folder"));
  const WRONG: readonly [what: string, path: () => string, problem: RegExp][] = [
    ["are missing", () => join(folder, "s3cr3t"), /cannot be read \(ENOENT\)/],
    ["are a folder", () => join(folder, "folder"), /cannot be read \(EISDIR\)/],
    ["are empty", () => write(" \n"), /is empty/],
    ["are not text", () => write(Buffer.from([0xff, 0xfe, 0x41, 0])), /is not UTF-8 text/],
    ["never end", () => "/dev/zero", /has more than 65536 bytes/],
  ];
  for (const [what, path, problem] of WRONG) {
    test(`that ${what} are refused, naming the variable and not the path`, () => {
      for (const name of ["DATABASE_URL", "INTEGRATION_SECRET_ENCRYPTION_KEY", "OPENSEND_PASSWORD"]) {
        const found = problemOf({ [`${name}_FILE`]: path() });
        assert.match(found, new RegExp(`^${name}_FILE must name a file with the value: the one it names `));
        assert.match(found, problem);
      }
    });
  }

  test("with an invalid value are reported under the variable", () => {
    assert.match(problemOf({ DATABASE_URL_FILE: write("postgres://u:s3cr3t#@db/x") }), /^DATABASE_URL must /);
  });

  test("are refused together with the variable itself", () => {
    const environment = { OPENSEND_SESSION_SECRET: VALUE, OPENSEND_SESSION_SECRET_FILE: write(VALUE) };
    assert.match(problemOf(environment), /^OPENSEND_SESSION_SECRET_FILE must be left out where/);
  });
});
