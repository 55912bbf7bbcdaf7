import assert from "node:assert/strict";
import { createHook } from "node:async_hooks";
import { mock, suite, test } from "node:test";
import fc from "fast-check";
import type { Connector, ConnectorRequest, RequestInput } from "../../src/connectors/contract.ts";
import { CONNECTORS } from "../../src/connectors/registry.ts";
import { type Outcome, SEND_FAILURE_CODES } from "../../src/domain/outcome.ts";

const SECRETS = [
  "a-shared-signing-secret",
  "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  "pässwörter & co",
  null,
];
/** Long and unusual enough not to occur by chance. */
const TOKENS = ["t0k3n-in-the-path", "t0k3n-in-the-query"];
const URL_WITH_TOKENS = `https://hooks.example.com:8443/in/${TOKENS[0]}?key=${TOKENS[1]}`;

const INPUT: RequestInput = {
  credentials: { webhookUrl: URL_WITH_TOKENS, signingSecret: null },
  eventId: "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11",
  body: '{"type":"order.paid","created_at":"2026-06-06T00:00:00.000Z","data":{"name":"Zoë 🎉"}}',
  timestampSeconds: 1_780_704_000,
  version: "1.2.3",
  traceContext: null,
};

function inputWith(signingSecret: string | null): RequestInput {
  return { ...INPUT, credentials: { ...INPUT.credentials, signingSecret } };
}

/** The contract of every connector: everything the rest of the program relies on without knowing the connector. */
for (const connector of CONNECTORS) {
  suite(`connector ${connector.provider}`, () => {
    describesItself(connector);
    describesItsFields(connector);
    buildsRequests(connector);
    readsOutcomes(connector);
  });
}

test("every connector has a unique provider and name", () => {
  for (const key of ["provider", "name"] as const) {
    const values = CONNECTORS.map((connector) => connector[key]);
    assert.equal(new Set(values).size, CONNECTORS.length, values.join());
  }
});

function describesItself({ provider, name, description, scopes }: Connector): void {
  test("describes itself", () => {
    assert.match(provider, /^[a-z][a-z0-9_]*$/);
    assert.match(name, /^\S.*\S$/);
    assert.match(description, /^[A-Z].{20,}\.$/);
  });

  test("has unique scopes that contain its provider id", () => {
    assert.ok(scopes.length > 0);
    assert.equal(new Set(scopes).size, scopes.length);
    for (const scope of scopes) assert.match(scope, new RegExp(`^integration:${provider}:[a-z_]+$`));
  });
}

function describesItsFields({ fields }: Connector): void {
  test("describes every field for the form, the documentation and validation", () => {
    for (const [name, field] of Object.entries(fields)) {
      assert.match(name, /^[a-z]+(_[a-z]+)*$/);
      assert.match(field.label, /^[A-Z]\S*( \S+)*$/, name);
      assert.match(field.help, /^[A-Z].*\.$/, name);
      assert.ok(Number.isInteger(field.lengthMax) && field.lengthMax > 0, name);
    }
  });

  test("seals every URL and secret, and no other field", () => {
    for (const [name, field] of Object.entries(fields)) {
      assert.equal(field.sealed, field.kind !== "text", name);
    }
  });

  test("requires a sealed field, without which there is nowhere to send", () => {
    assert.ok(Object.values(fields).some((field) => field.sealed && field.required));
  });
}

function buildsRequests({ buildRequest }: Connector): void {
  for (const secret of SECRETS) {
    const kind = secret === null ? "no secret" : `a secret like ${secret.slice(0, 6)}…`;

    test(`sends the body and the event's id unchanged, with ${kind}`, () => {
      const request = buildRequest(inputWith(secret));
      assert.equal(request.method, "POST");
      assert.equal(request.body, INPUT.body);
      assert.equal(request.headers["webhook-id"], INPUT.eventId);
      assert.match(request.headers["content-type"] ?? "", /^application\/json\b/);
      assert.equal(request.headers["user-agent"], "OpenSend/1.2.3");
    });

    test(`puts credentials only into the URL, with ${kind}`, () => {
      const { headers, body } = buildRequest(inputWith(secret));
      const shown = JSON.stringify([headers, body]).toLowerCase();
      const raw =
        secret === null
          ? []
          : [secret, secret.replace(/^whsec_/, ""), Buffer.from(secret).toString("base64")];
      for (const credential of [...TOKENS, ...raw]) {
        assert.ok(!shown.includes(credential.toLowerCase()), `holds ${credential}`);
      }
    });

    test(`writes valid HTTP headers, with ${kind}`, () => {
      for (const [name, value] of Object.entries(buildRequest(inputWith(secret)).headers)) {
        assert.match(name, /^[a-z0-9-]+$/);
        assert.match(value, /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/);
      }
    });
  }

  test("writes valid HTTP headers for any secret", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 512 }), (secret) => {
        const { headers } = buildRequest(inputWith(secret));
        for (const value of Object.values(headers)) assert.match(value, /^[\x20-\x7e]+$/);
      }),
    );
  });

  test("sends to the configured URL", () => {
    const { url } = buildRequest(INPUT);
    assert.ok(url instanceof URL);
    assert.equal(url.host, "hooks.example.com:8443");
  });

  test("always builds the same request from the same input", () => {
    const input = inputWith("a-shared-signing-secret");
    const first = buildRequest(input);
    const second = aYearLater(() => buildRequest(input));
    assert.deepEqual(readable(second), readable(first));
  });

  test("starts no asynchronous work and does not change its input", () => {
    const input = deepFreeze(inputWith("a-shared-signing-secret"));
    const started = asyncWorkOf(() => buildRequest(input));
    assert.deepEqual(started, []);
  });
}

function readsOutcomes({ readResponse }: Connector): void {
  const NOW = Date.parse("2026-06-06T00:00:00.000Z");
  const timings = { dns: 1, connect: 1, tls: 1, sent: 1, first_byte: 1, total: 4 };
  const response: fc.Arbitrary<Outcome> = fc
    .record({
      status: fc.integer({ min: 100, max: 599 }),
      statusText: fc.string(),
      headers: fc.record(
        { "retry-after": fc.oneof(fc.string(), fc.nat().map(String)), location: fc.string() },
        { requiredKeys: [] },
      ),
      body: fc.string(),
      truncated: fc.boolean(),
    })
    .map((response) => ({ kind: "response" as const, response, timings }));
  const failure: fc.Arbitrary<Outcome> = fc
    .record({
      code: fc.constantFrom(...SEND_FAILURE_CODES),
      stage: fc.constantFrom("dns", "connect", "tls", "first_byte", "body"),
      detail: fc.constant("t0k3n"),
    })
    .map((failure) => ({ kind: "failure" as const, failure, timings }));

  test("reads any response, with an error and its code if and only if it was not delivered", () => {
    fc.assert(
      fc.property(response, (outcome) => {
        const reading = readResponse(outcome, NOW);
        assert.equal(reading.error === null, reading.ok);
        if (reading.error !== null) {
          assert.ok(["http_status", "redirect"].includes(reading.error.code));
          assert.match(reading.error.message, /^\S.*\.$/s);
        }
        const wait = reading.retryAfterSeconds;
        assert.ok(wait === null || (Number.isInteger(wait) && wait >= 0));
      }),
    );
  });

  test("never counts a failure, a redirect or an error status as delivered", () => {
    fc.assert(
      fc.property(fc.oneof(response, failure), (outcome) => {
        fc.pre(outcome.kind === "failure" || outcome.response.status >= 300);
        assert.equal(readResponse(outcome, NOW).ok, false);
      }),
    );
  });

  test("keeps the code of a failure and hides its detail", () => {
    fc.assert(
      fc.property(failure, (outcome) => {
        const { error } = readResponse(outcome, NOW);
        assert.equal(error?.code, outcome.kind === "failure" ? outcome.failure.code : null);
        assert.doesNotMatch(error?.message ?? "", /t0k3n/);
      }),
    );
  });

  test("starts no asynchronous work and does not change the outcome", () => {
    const outcome: Outcome = { kind: "failure", failure: { code: "timeout", stage: "body" }, timings };
    assert.deepEqual(
      asyncWorkOf(() => readResponse(deepFreeze(outcome), NOW)),
      [],
    );
  });
}

function readable({ method, url, headers, body }: ConnectorRequest) {
  return { method, url: url.href, headers, body };
}

function aYearLater<T>(run: () => T): T {
  mock.timers.enable({ apis: ["Date"], now: Date.now() + 365 * 86_400_000 });
  try {
    return run();
  } finally {
    mock.timers.reset();
  }
}

/** The kinds of asynchronous work that a function starts: sockets, lookups, files, timers, promises. */
function asyncWorkOf(run: () => unknown): string[] {
  const started: string[] = [];
  const hook = createHook({ init: (_id, type) => started.push(type) }).enable();
  try {
    run();
  } finally {
    hook.disable();
  }
  return started;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}
