import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { ConfigurationError } from "./configuration-error.ts";
import { loadOptions } from "./load.ts";
import { loadSecrets } from "./secrets.ts";

const KEY = "8f1c2b3a4d5e6f708192a3b4c5d6e7f8";
const OTHER = "correct horse battery staple";
const SESSION = "0123456789abcdefghijklmnopqrstuv";

suite("secrets", () => {
  const folder = mkdtempSync(join(tmpdir(), "opensend-secrets-"));
  after(() => rmSync(folder, { recursive: true }));
  let folders = 0;

  /** Loads them with a new data folder, unless one is given. */
  function load(environment: Record<string, string>, dataDir = join(folder, String(folders++))) {
    const secrets = loadSecrets(loadOptions({ OPENSEND_DATA_DIR: dataDir, ...environment }));
    return { secrets, dataDir };
  }

  function problemsOf(environment: Record<string, string>): readonly string[] {
    try {
      load(environment);
    } catch (error) {
      if (error instanceof ConfigurationError) return error.problems;
      throw error;
    }
    return [];
  }

  suite("in production", () => {
    const PRODUCTION = { NODE_ENV: "production" };

    test("are both required, and one error names both with the way to create them", () => {
      const problems = problemsOf(PRODUCTION);
      assert.equal(problems.length, 2);
      assert.match(
        problems[0] ?? "",
        /^INTEGRATION_SECRET_ENCRYPTION_KEY must be set in production: .*openssl/,
      );
      assert.match(problems[1] ?? "", /^OPENSEND_SESSION_SECRET must be set in production: .*openssl/);
    });

    test("are named alone when only one of them is missing", () => {
      const [noSession, ...noMore] = problemsOf({ ...PRODUCTION, INTEGRATION_SECRET_ENCRYPTION_KEY: KEY });
      assert.match(noSession ?? "", /^OPENSEND_SESSION_SECRET /);
      const [noKey, ...noMoreEither] = problemsOf({ ...PRODUCTION, OPENSEND_SESSION_SECRET: SESSION });
      assert.match(noKey ?? "", /^INTEGRATION_SECRET_ENCRYPTION_KEY /);
      assert.deepEqual([noMore, noMoreEither], [[], []]);
    });

    test("are never created: the data folder stays untouched", () => {
      const dataDir = join(folder, "production");
      assert.throws(() => load(PRODUCTION, dataDir), ConfigurationError);
      assert.ok(!existsSync(dataDir));
    });

    test("that are set cause no notice", () => {
      const { secrets, dataDir } = load({
        ...PRODUCTION,
        INTEGRATION_SECRET_ENCRYPTION_KEY: KEY,
        WEBHOOK_SECRET_ENCRYPTION_KEY: OTHER,
        OPENSEND_SESSION_SECRET: SESSION,
      });
      assert.deepEqual(secrets, {
        encryptionKey: KEY,
        keySource: "INTEGRATION_SECRET_ENCRYPTION_KEY",
        previousEncryptionKeys: [],
        sessionSecret: SESSION,
        notices: [],
      });
      assert.ok(!existsSync(dataDir));
    });

    test("with only the webhook variable's key cause a notice that names both variables", () => {
      const { secrets } = load({
        ...PRODUCTION,
        WEBHOOK_SECRET_ENCRYPTION_KEY: OTHER,
        OPENSEND_SESSION_SECRET: SESSION,
      });
      assert.equal(secrets.encryptionKey, OTHER);
      assert.equal(secrets.keySource, "WEBHOOK_SECRET_ENCRYPTION_KEY");
      assert.equal(secrets.notices.length, 1);
      assert.match(secrets.notices.join(), /WEBHOOK_SECRET_.*INTEGRATION_SECRET_ENCRYPTION_KEY/);
      assert.ok(!secrets.notices.join().includes(OTHER));
    });
  });

  suite("in development", () => {
    test("are created once, with one notice that names the file and not the key", () => {
      const { secrets, dataDir } = load({});
      assert.equal(secrets.keySource, "data folder");
      assert.equal(secrets.notices.length, 1);
      assert.ok(secrets.notices.join().includes(join(dataDir, "integration-secret-encryption.key")));
      assert.ok(!secrets.notices.join().includes(secrets.encryptionKey));
      assert.notEqual(secrets.encryptionKey, secrets.sessionSecret);
      assert.ok(secrets.sessionSecret.length >= 32);

      assert.deepEqual(load({}, dataDir).secrets, { ...secrets, notices: [] });
    });

    test("come from the variables when they are set, the dedicated one first, without a notice", () => {
      const fallback = { WEBHOOK_SECRET_ENCRYPTION_KEY: OTHER, OPENSEND_SESSION_SECRET: SESSION };
      const { secrets } = load(fallback);
      assert.equal(secrets.encryptionKey, OTHER);
      assert.equal(secrets.sessionSecret, SESSION);
      assert.deepEqual(secrets.notices, []);
      const both = load({ ...fallback, INTEGRATION_SECRET_ENCRYPTION_KEY: KEY });
      assert.equal(both.secrets.encryptionKey, KEY);
      assert.ok(!existsSync(both.dataDir));
    });
  });

  suite("that are previous keys", () => {
    const ROWS: readonly [text: string, keys: readonly string[]][] = [
      ["", []],
      [KEY, [KEY]],
      [`${KEY},${OTHER}`, [KEY, OTHER, `${KEY},${OTHER}`]],
      [` ${KEY} , ${OTHER},`, [KEY, OTHER, `${KEY} , ${OTHER},`]],
      ["one passphrase, with a comma", ["one passphrase", "with a comma", "one passphrase, with a comma"]],
    ];
    for (const [text, keys] of ROWS) {
      test(`${JSON.stringify(text)} can be ${keys.length} keys`, () => {
        const { secrets } = load({ INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS: text });
        assert.deepEqual(secrets.previousEncryptionKeys, keys);
      });
    }
  });
});
