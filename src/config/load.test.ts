import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { ConfigurationError } from "./configuration-error.ts";
import { allowsLoopback, isLoopbackHost, loadOptions, summarizeOptions } from "./load.ts";
import { OPTIONS, type OptionKey, type Options } from "./options.ts";

const DEFAULTS: Options = {
  production: false,
  port: 3015,
  host: "127.0.0.1",
  dataDir: "./data",
  publicUrl: null,
  trustedProxies: [],
  rateLimitPerMinute: 1200,
  logLevel: "info",
  logFormat: null,
  metricsToken: null,
  metricsPerConnection: false,
  databaseUrl: null,
  databaseListenUrl: null,
  payloadRetentionDays: 30,
  statusRetentionDays: 90,
  encryptionKey: null,
  fallbackEncryptionKey: null,
  previousEncryptionKeys: null,
  sessionSecret: null,
  allowedCidrs: [],
  outboundProxy: null,
  smtp: null,
  mailFrom: null,
  tracesUrl: null,
  tracesHeaders: null,
  serviceName: "opensend",
  resourceAttributes: null,
  tracesSampler: "parentbased_always_on",
  tracesSamplerRatio: null,
  isTracingDisabled: false,
  password: null,
  signingSecret: null,
  serverUrl: "http://127.0.0.1:3015",
  apiKey: null,
  webhookUrl: null,
};

suite("options", () => {
  test("have these defaults in an empty environment", () => {
    assert.deepEqual(loadOptions({}), DEFAULTS);
  });

  test("that are empty or blank count as not set", () => {
    const names = Object.values(OPTIONS).map((option) => option.name);
    for (const text of ["", "  ", "\n"]) {
      assert.deepEqual(loadOptions(Object.fromEntries(names.map((name) => [name, text]))), DEFAULTS);
    }
  });

  test("that are not OpenSend's are ignored", () => {
    assert.deepEqual(loadOptions({ OPENSEND_PROT: "nonsense", PATH: "/bin" }), DEFAULTS);
  });

  const SECRET = "0123456789abcdefghijklmnopqrstuv";
  const GOOD: readonly [name: string, text: string, key: OptionKey, value: unknown][] = [
    ["NODE_ENV", "production", "production", true],
    ["NODE_ENV", "production ", "production", true],
    ["NODE_ENV", "development", "production", false],
    ["NODE_ENV", "production-like", "production", false],
    ["PORT", "8080", "port", 8080],
    ["PORT", " 0 ", "port", 0],
    ["PORT", "65535", "port", 65_535],
    ["HOST", "0.0.0.0", "host", "0.0.0.0"],
    ["HOST", "::1", "host", "::1"],
    ["HOST", "[::]", "host", "::"],
    ["HOST", "opensend.internal", "host", "opensend.internal"],
    ["OPENSEND_DATA_DIR", " /var/lib/opensend ", "dataDir", "/var/lib/opensend"],
    ["OPENSEND_PUBLIC_URL", "https://opensend.example.com/", "publicUrl", "https://opensend.example.com"],
    ["OPENSEND_PUBLIC_URL", "http://localhost:3015", "publicUrl", "http://localhost:3015"],
    ["OPENSEND_TRUSTED_PROXIES", "10.0.0.1, ::1", "trustedProxies", ["10.0.0.1/32", "::1/128"]],
    ["OPENSEND_RATE_LIMIT_PER_MINUTE", "0", "rateLimitPerMinute", 0],
    ["LOG_LEVEL", "WARN", "logLevel", "warn"],
    ["LOG_FORMAT", "JSON", "logFormat", "json"],
    ["OPENSEND_METRICS_TOKEN", ` ${SECRET} `, "metricsToken", SECRET],
    ["OPENSEND_METRICS_PER_CONNECTION", "TRUE", "metricsPerConnection", true],
    ["OPENSEND_PAYLOAD_RETENTION_DAYS", "90", "payloadRetentionDays", 90],
    ["OPENSEND_STATUS_RETENTION_DAYS", "30", "statusRetentionDays", 30],
    ["OPENSEND_STATUS_RETENTION_DAYS", "0", "statusRetentionDays", 0],
    ["DATABASE_URL", "postgres://u:p@db/x", "databaseUrl", "postgres://u:p@db/x"],
    ["DATABASE_URL", "postgresql://db/x", "databaseUrl", "postgresql://db/x"],
    ["INTEGRATION_SECRET_ENCRYPTION_KEY", ` ${SECRET}\n`, "encryptionKey", SECRET],
    ["WEBHOOK_SECRET_ENCRYPTION_KEY", SECRET, "fallbackEncryptionKey", SECRET],
    ["INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS", "a,b", "previousEncryptionKeys", "a,b"],
    ["OPENSEND_SESSION_SECRET", ` ${SECRET} `, "sessionSecret", SECRET],
    ["OPENSEND_OUTBOUND_ALLOWED_CIDRS", "10.0.0.0/8,,fd00::/8,", "allowedCidrs", ["10.0.0.0/8", "fd00::/8"]],
    ["OPENSEND_OUTBOUND_PROXY", "http://u:p@proxy:3128", "outboundProxy", "http://u:p@proxy:3128/"],
    ["OPENSEND_PASSWORD", " around spaces \n", "password", "around spaces"],
    ["OPENSEND_PASSWORD", '" with spaces "', "password", " with spaces "],
    ["OPENSEND_PASSWORD", `'"in marks"'`, "password", '"in marks"'],
    ["PORT", '"8080"', "port", 8080],
    ["OPENSEND_SESSION_SECRET", `\uFEFF'${SECRET}'\r\n`, "sessionSecret", SECRET],
    ["INTEGRATION_SECRET_ENCRYPTION_KEY", `"${SECRET}"`, "encryptionKey", SECRET],
    ["INTEGRATION_SECRET_ENCRYPTION_KEY", ` '${SECRET}'\n`, "encryptionKey", SECRET],
    ["INTEGRATION_SECRET_ENCRYPTION_KEY", 'it\'s "such" a key', "encryptionKey", 'it\'s "such" a key'],
    ["WEBHOOK_SECRET_ENCRYPTION_KEY", `"${SECRET}"`, "fallbackEncryptionKey", SECRET],
    ["INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS", `"a",'b'`, "previousEncryptionKeys", "a,b"],
    ["INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS", '"one, two"', "previousEncryptionKeys", "one, two"],
    ["OPENSEND_OUTBOUND_ALLOWED_CIDRS", '"10.0.0.0/8","::1"', "allowedCidrs", ["10.0.0.0/8", "::1/128"]],
    [
      "DATABASE_URL",
      '"postgres://u:p%23%40@db/x?a=b@c&d=/e"',
      "databaseUrl",
      "postgres://u:p%23%40@db/x?a=b@c&d=/e",
    ],
    ["DATABASE_URL", "postgres:///x?host=/run/pg", "databaseUrl", "postgres:///x?host=/run/pg"],
    ["OPENSEND_SIGNING_SECRET", " around spaces \n", "signingSecret", "around spaces"],
    ["OPENSEND_SIGNING_SECRET", '" with spaces "', "signingSecret", " with spaces "],
  ];
  for (const [name, text, key, value] of GOOD) {
    test(`read ${name}=${JSON.stringify(text)} as ${JSON.stringify(value)}`, () => {
      assert.deepEqual(loadOptions({ [name]: text }), { ...DEFAULTS, [key]: value });
    });
  }

  const WRONG: Record<string, readonly string[]> = {
    PORT: ["65536", "-1", "80.5", "0x50", "http", "8080s3cr3t"],
    HOST: ["not a host", "http://s3cr3t", "a/b"],
    OPENSEND_PUBLIC_URL: [
      "opensend.example.com",
      "ftp://example.com",
      "https://example.com/s3cr3t",
      "https://example.com/?s3cr3t",
      "https://example.com/#s3cr3t",
      "https://s3cr3t@example.com",
      "https://:s3cr3t@example.com",
      "https://{host}",
      "https://exa\u200bmple.com",
    ],
    OPENSEND_TRUSTED_PROXIES: ["10.0.0.0/33", "proxy.example.com", "10.0.0.1 10.0.0.2"],
    OPENSEND_RATE_LIMIT_PER_MINUTE: ["-1", "many", "10000001"],
    LOG_LEVEL: ["loud"],
    LOG_FORMAT: ["xml"],
    OPENSEND_METRICS_TOKEN: ["s3cr3t", "s3cr3t with spaces in it"],
    OPENSEND_METRICS_PER_CONNECTION: ["yes", "1"],
    OPENSEND_PAYLOAD_RETENTION_DAYS: ["-1", "a month", "36501"],
    OPENSEND_STATUS_RETENTION_DAYS: ["1.5", "s3cr3t", "29"],
    DATABASE_URL: [
      "mysql://root:s3cr3t@db",
      "s3cr3t",
      "./data.sqlite",
      "postgres://u:s3cr3t#1@db/x",
      "postgres://u:s3cr3t@1@db/x",
      "postgres://u:1/s3cr3t@db/x",
      "postgres://u:s3cr3t/1@db/x",
      "postgres://u:1?s3cr3t@db/x",
      "postgres://u:s3cr3t%zz@db/x",
      "postgres://u:s3cr3t%@db/x",
      "postgres://u:s3cr3t@db:port/x",
    ],
    INTEGRATION_SECRET_ENCRYPTION_KEY: [
      '"s3cr3t-0123456789',
      "s3cr3t-0123456789'",
      "“s3cr3t-0123456789”",
      '"s3cr3t"0123456789"',
      "s3cr3t-0123456789\nanother",
      '"s3cr3t-0123456789" # a comment',
    ],
    INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS: ['s3cr3t,"s3cr3t', "s3cr3t,s3cr3t'", "s3cr3t\ns3cr3t"],
    OPENSEND_PASSWORD: ['"s3cr3t with spaces', "s3cr3t\nand more"],
    OPENSEND_DATABASE_LISTEN_URL: ["mysql://root:s3cr3t@db", "s3cr3t"],
    OPENSEND_SESSION_SECRET: ["s3cr3t", "s3cr3t".repeat(5)],
    OPENSEND_OUTBOUND_ALLOWED_CIDRS: [
      "10",
      "10/8",
      "010.0.0.0/8",
      "0x0a000000/8",
      "*",
      "10.0.0.0/8;fd00::/8",
    ],
    OPENSEND_OUTBOUND_PROXY: [
      "proxy:3128",
      "socks5://u:s3cr3t@proxy",
      "http://u:1#s3cr3t@proxy:3128",
      "http://u:1/s3cr3t@proxy:3128",
      "http://u:1?s3cr3t@proxy:3128",
      "http://u:s3cr3t%@proxy:3128",
    ],
  };
  for (const [name, texts] of Object.entries(WRONG)) {
    for (const text of texts) {
      test(`refuse ${name}=${text}, naming the variable and not the value`, () => {
        assert.throws(
          () => loadOptions({ [name]: text }),
          (error) => {
            assert.ok(error instanceof ConfigurationError);
            assert.equal(error.problems.length, 1);
            assert.match(error.problems.join(), new RegExp(`^${name} must .+\\.$`, "s"));
            assert.doesNotMatch(String(error.stack), /s3cr3t/);
            return true;
          },
        );
      });
    }
  }

  for (const [character, url] of [
    ["#", "postgres://u:s3cr3t#1@db/x"],
    ["@", "postgres://u:s3cr3t@1@db/x"],
    ["/", "postgres://u:1/s3cr3t@db/x"],
    ["?", "postgres://u:1?s3cr3t@db/x"],
    ["%", "postgres://u:s3cr3t%@db/x"],
  ] as const) {
    test(`say how to encode ${character} in the URL of a database`, () => {
      const code = encodeURIComponent(character);
      assert.throws(
        () => loadOptions({ DATABASE_URL: url }),
        new RegExp(`\\${character} .*encoded as ${code}`),
      );
    });
  }

  test("that are invalid are reported together", () => {
    const environment = Object.fromEntries(Object.entries(WRONG).map(([name, [text]]) => [name, text]));
    assert.throws(
      () => loadOptions({ ...environment, NODE_ENV: "production" }),
      (error) => {
        assert.ok(error instanceof ConfigurationError);
        const named = error.problems.map((problem) => problem.split(" ")[0] ?? "");
        assert.deepEqual(named.sort(), Object.keys(WRONG).sort());
        for (const problem of error.problems) assert.ok(error.message.includes(`\n  - ${problem}`));
        return true;
      },
    );
  });
});

suite("retention", () => {
  const load = (payload: string, status: string) =>
    loadOptions({ OPENSEND_PAYLOAD_RETENTION_DAYS: payload, OPENSEND_STATUS_RETENTION_DAYS: status });

  for (const [payload, status] of [
    ["7", "7"],
    ["0", "0"],
    ["400", "0"],
  ] as const) {
    test(`of payloads can be ${payload} days with statuses at ${status}`, () => {
      assert.equal(load(payload, status).payloadRetentionDays, Number(payload));
    });
  }

  for (const [payload, status] of [
    ["8", "7"],
    ["0", "90"],
    ["91", ""],
  ] as const) {
    test(`refuses to delete statuses before payloads: ${status} days and ${payload}`, () => {
      assert.throws(() => load(payload, status), /OPENSEND_STATUS_RETENTION_DAYS must not be shorter/);
    });
  }
});

suite("a URL to listen at", () => {
  const listenUrl = "postgres://u:s3cr3t@db/x";

  test("is read together with the URL of the database", () => {
    const options = loadOptions({
      DATABASE_URL: "postgres://pooler/x",
      OPENSEND_DATABASE_LISTEN_URL: ` ${listenUrl} `,
    });
    assert.equal(options.databaseListenUrl, listenUrl);
  });

  test("is refused without that, and not shown", () => {
    assert.throws(
      () => loadOptions({ OPENSEND_DATABASE_LISTEN_URL: listenUrl }),
      (error) => {
        assert.ok(error instanceof ConfigurationError);
        assert.match(error.message, /OPENSEND_DATABASE_LISTEN_URL must be left out/);
        assert.doesNotMatch(String(error.stack), /s3cr3t/);
        return true;
      },
    );
  });
});

suite("the summary of the options", () => {
  test("has every variable by name, credentials as set or not", () => {
    const canary = "s3cr3t-0123456789-0123456789-0123456789";
    const options = loadOptions({
      DATABASE_URL: `postgres://u:${canary}@db/x`,
      OPENSEND_DATABASE_LISTEN_URL: `postgres://u:${canary}@db/x`,
      INTEGRATION_SECRET_ENCRYPTION_KEY: canary,
      WEBHOOK_SECRET_ENCRYPTION_KEY: canary,
      INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS: canary,
      OPENSEND_SESSION_SECRET: canary,
      OPENSEND_OUTBOUND_PROXY: `http://u:${canary}@proxy:3128`,
      OPENSEND_PASSWORD: canary,
      OPENSEND_SIGNING_SECRET: canary,
      OPENSEND_API_KEY: canary,
      OPENSEND_WEBHOOK_URL: canary,
      OPENSEND_SMTP_URL: `smtp://u:${canary}@mail.example.com`,
      OPENSEND_MAIL_FROM: "ops@example.com",
      OPENSEND_METRICS_TOKEN: canary,
      OPENSEND_OUTBOUND_ALLOWED_CIDRS: "10.0.0.0/8,fd00::/8",
      OTEL_EXPORTER_OTLP_ENDPOINT: `https://u:${canary}@otlp.example.com/${canary}`,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=${canary}`,
      OTEL_RESOURCE_ATTRIBUTES: `deployment=${canary}`,
    });
    const summary = summarizeOptions(options);
    assert.deepEqual(
      Object.keys(summary),
      Object.values(OPTIONS).map((option) => option.name),
    );
    assert.doesNotMatch(JSON.stringify(summary), /s3cr3t|u:/);
    for (const option of Object.values(OPTIONS)) {
      if (option.secret) assert.equal(summary[option.name], "set", option.name);
    }
    assert.equal(summary["PORT"], "3015");
    assert.equal(summary["OPENSEND_OUTBOUND_ALLOWED_CIDRS"], "10.0.0.0/8,fd00::/8");
    assert.equal(summary["OTEL_EXPORTER_OTLP_ENDPOINT"], "https://otlp.example.com");
    assert.equal(summary["OTEL_RESOURCE_ATTRIBUTES"], "deployment");
    assert.equal(summary["OPENSEND_PUBLIC_URL"], "not set");
    assert.equal(summary["OPENSEND_TRUSTED_PROXIES"], "not set");
    assert.equal(summary["NODE_ENV"], "development");
    assert.equal(summarizeOptions(loadOptions({ NODE_ENV: "production" }))["NODE_ENV"], "production");
  });

  test("says which credentials are missing", () => {
    const summary = summarizeOptions(loadOptions({}));
    for (const option of Object.values(OPTIONS)) {
      if (option.secret) assert.equal(summary[option.name], "not set", option.name);
    }
  });

  test("masks everything that is named a key, a secret or a password, and URLs that can contain one", () => {
    for (const option of Object.values(OPTIONS)) {
      const isCredential =
        /KEY|SECRET|PASSWORD|TOKEN|DATABASE_URL|WEBHOOK_URL|LISTEN_URL|SMTP_URL|PROXY$|OTLP_HEADERS/.test(
          option.name,
        );
      assert.equal(option.secret, isCredential, option.name);
    }
  });
});

suite("an address to listen on", () => {
  for (const host of ["127.0.0.1", "127.9.9.9", "::1", "localhost"]) {
    test(`${host} is reachable only from this machine`, () => assert.ok(isLoopbackHost(host)));
  }
  const OTHERS = [
    "0.0.0.0",
    "::",
    "10.0.0.7",
    "1127.0.0.1",
    "127.example.com",
    "127.0.0.1.example.com",
    "host",
  ];
  for (const host of [...OTHERS, "localhost.example.com", ""]) {
    test(`${JSON.stringify(host)} is not`, () => assert.ok(!isLoopbackHost(host)));
  }
});

test("docs/configuration.md has a row for every option, and for nothing else", () => {
  const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "configuration.md"), "utf8");
  const documented = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1] ?? "");
  const names = Object.values(OPTIONS).map((option) => option.name);
  assert.deepEqual(documented.sort(), [...names].sort());
});

suite("webhook URLs can point to this machine", () => {
  const ROWS: readonly (readonly [environment: Record<string, string>, allowed: boolean])[] = [
    [{}, true],
    [{ HOST: "::1" }, true],
    [{ OPENSEND_PUBLIC_URL: "http://localhost:3015" }, true],
    [{ HOST: "0.0.0.0" }, false],
    [{ OPENSEND_PUBLIC_URL: "https://hooks.example.com" }, false],
    [{ OPENSEND_TRUSTED_PROXIES: "10.0.0.1" }, false],
    [{ OPENSEND_OUTBOUND_PROXY: "http://127.0.0.1:3128" }, false],
    [{ OPENSEND_OUTBOUND_PROXY: "https://proxy.example.com", HOST: "::1" }, false],
  ];
  for (const [environment, allowed] of ROWS) {
    test(`${allowed ? "with" : "not with"} ${JSON.stringify(environment)}`, () => {
      assert.equal(allowsLoopback(loadOptions(environment)), allowed);
    });
  }
});
