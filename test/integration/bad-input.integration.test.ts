import assert from "node:assert/strict";
import { connect as dial } from "node:net";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { ApiClient, type ApiResponse } from "../support/api-client.ts";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";

const CONNECT = "/api/integrations/webhook";
const CONNECTION = "/api/integrations/connections/{id}";
const HOOK = "https://hooks.zapier.com/hooks/catch/123/abc";
const SECRET_IN_BODY = "https://hooks.zapier.com/hooks/catch/999/verysecrettoken";

type Case = {
  readonly name: string;
  readonly body: unknown;
  readonly status: number;
  readonly code: string;
  readonly path?: string;
};

const BODIES: readonly Case[] = [
  { name: "cut-off JSON", body: `{"webhook_url":"${SECRET_IN_BODY}`, status: 400, code: "malformed_json" },
  {
    name: "a trailing comma",
    body: `{"webhook_url":"${SECRET_IN_BODY}",}`,
    status: 400,
    code: "malformed_json",
  },
  { name: "single quotes", body: `{'webhook_url':'${SECRET_IN_BODY}'}`, status: 400, code: "malformed_json" },
  { name: "a bare URL", body: SECRET_IN_BODY, status: 400, code: "malformed_json" },
  { name: "nothing", body: "", status: 400, code: "malformed_json" },
  { name: "null", body: "null", status: 422, code: "validation_failed", path: "" },
  { name: "an array", body: [], status: 422, code: "validation_failed", path: "" },
  { name: "a string", body: '"text"', status: 422, code: "validation_failed", path: "" },
  { name: "no URL", body: {}, status: 422, code: "validation_failed", path: "webhook_url" },
  {
    name: "a number as URL",
    body: { webhook_url: 5 },
    status: 422,
    code: "validation_failed",
    path: "webhook_url",
  },
  {
    name: "null as URL",
    body: { webhook_url: null },
    status: 422,
    code: "validation_failed",
    path: "webhook_url",
  },
  {
    name: "an empty URL",
    body: { webhook_url: "" },
    status: 422,
    code: "validation_failed",
    path: "webhook_url",
  },
  {
    name: "an object as name",
    body: { webhook_url: HOOK, name: {} },
    status: 422,
    code: "validation_failed",
    path: "name",
  },
  {
    name: "a blank name",
    body: { webhook_url: HOOK, name: "  " },
    status: 422,
    code: "validation_failed",
    path: "name",
  },
  {
    name: "a name of 256 characters",
    body: { webhook_url: HOOK, name: "n".repeat(256) },
    status: 422,
    code: "validation_failed",
    path: "name",
  },
  {
    name: "NUL in the name",
    body: { webhook_url: HOOK, name: "a\0b" },
    status: 422,
    code: "validation_failed",
    path: "name",
  },
  {
    name: "a lone surrogate in the name",
    body: '{"webhook_url":"https://a.example/","name":"\\ud800"}',
    status: 422,
    code: "validation_failed",
    path: "name",
  },
  {
    name: "a URL of 2,049 characters",
    body: { webhook_url: `https://a.example/${"x".repeat(2031)}` },
    status: 422,
    code: "validation_failed",
    path: "webhook_url",
  },
  {
    name: "a secret of 513 characters",
    body: { webhook_url: HOOK, signing_secret: "s".repeat(513) },
    status: 422,
    code: "validation_failed",
    path: "signing_secret",
  },
  {
    name: "an empty secret",
    body: { webhook_url: HOOK, signing_secret: "" },
    status: 422,
    code: "validation_failed",
    path: "signing_secret",
  },
  {
    name: "no event types",
    body: { webhook_url: HOOK, event_types: [] },
    status: 422,
    code: "validation_failed",
    path: "event_types",
  },
  {
    name: "a bad event type",
    body: { webhook_url: HOOK, event_types: ["ok", "a..b"] },
    status: 422,
    code: "validation_failed",
    path: "event_types.1",
  },
  {
    name: "a duplicate event type",
    body: { webhook_url: HOOK, event_types: ["a", "a"] },
    status: 422,
    code: "validation_failed",
    path: "event_types",
  },
  {
    name: "an unknown field",
    body: { webhook_url: HOOK, nmae: "x" },
    status: 422,
    code: "validation_failed",
    path: "nmae",
  },
  {
    name: "__proto__",
    body: `{"webhook_url":"${HOOK}","__proto__":{"x":1}}`,
    status: 422,
    code: "validation_failed",
    path: "__proto__",
  },
  {
    name: "http",
    body: { webhook_url: "http://example.com/hook" },
    status: 422,
    code: "unsafe_url",
    path: "webhook_url",
  },
  {
    name: "user info",
    body: { webhook_url: "https://user:verysecrettoken@example.com/" },
    status: 422,
    code: "unsafe_url",
    path: "webhook_url",
  },
  {
    name: "a private address",
    body: { webhook_url: "https://10.1.2.3/hook" },
    status: 422,
    code: "unsafe_url",
    path: "webhook_url",
  },
  {
    name: "metadata in hexadecimal",
    body: { webhook_url: "https://0xa9fea9fe/latest" },
    status: 422,
    code: "unsafe_url",
    path: "webhook_url",
  },
  {
    name: "a text that is not a URL",
    body: { webhook_url: "verysecrettoken" },
    status: 422,
    code: "unsafe_url",
    path: "webhook_url",
  },
];

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  let api: ApiClient;
  let id: string;

  before(async () => {
    instance = await startInstance(makeDatabase);
    api = instance.api;
    id = (await api.post(CONNECT, { webhook_url: HOOK, name: "Untouched" })).body.data.id;
  });
  after(() => instance.remove());

  const count = async () => (await api.get("/api/integrations")).body.data[0].connections_count;

  function assertProblem(response: ApiResponse, status: number, code: string): void {
    assert.equal(response.status, status, response.text);
    assert.equal(response.headers.get("content-type")?.split(";")[0], "application/problem+json");
    const { type, title, detail, request_id } = response.body;
    assert.equal(response.body.code, code);
    assert.equal(response.body.status, status);
    assert.equal(type, `${instance.server.url}/docs/errors/${code}`);
    assert.ok(title.length > 0 && detail.length > 0);
    assert.equal(response.headers.get("x-request-id"), request_id);
    assert.doesNotMatch(response.text, /verysecrettoken|at .*\.ts:\d+|node_modules/);
  }

  describe("bodies", () => {
    for (const { name, body, status, code, path } of BODIES) {
      it(`refuses ${name} and stores nothing`, async () => {
        const before = await count();
        const response = await api.post(CONNECT, body);
        assertProblem(response, status, code);
        checkResponse("POST", CONNECT, response);
        if (path !== undefined) {
          const paths = response.body.errors.map((error: { path: string }) => error.path);
          assert.ok(paths.includes(path), `${paths} names ${path}`);
        }
        assert.equal(await count(), before);
      });
    }

    it("refuses a mistyped URL, with what is wrong and how to fix it", async () => {
      const created = await api.post(CONNECT, { webhook_url: HOOK });
      const path = `/api/integrations/connections/${created.body.data.id}`;
      for (const [url, words] of [
        [created.body.data.config.webhook.endpoint_preview, /shortened URL.*Copy the whole URL/],
        [`${HOOK}\u200b`, /invisible character.*Copy it again/],
        ["https://example.com/verysecrettoken/{{token}}", /placeholder.*Replace it/],
        ["https://<your-url>/verysecrettoken", /placeholder.*Replace it/],
        [`"${HOOK}"`, /quotation mark.*Remove it/],
        [`${HOOK}>`, /bracket.*Remove it/],
      ] as const) {
        for (const response of [
          await api.post(CONNECT, { webhook_url: url }),
          await api.patch(path, { webhook_url: url }),
        ]) {
          assertProblem(response, 422, "unsafe_url");
          assert.match(response.body.errors[0].message, words);
        }
      }
    });

    it("refuses in every call a whsec_ secret that no library accepts, and says how to fix it", async () => {
      const created = await api.post(CONNECT, { webhook_url: HOOK, signing_secret: "to-rotate" });
      const path = `/api/integrations/connections/${created.body.data.id}`;
      const wrong = `whsec_${Buffer.alloc(32, 0xfb).toString("base64url")}`;
      const responses = [
        await api.post(CONNECT, { webhook_url: HOOK, signing_secret: wrong }),
        await api.patch(path, { signing_secret: wrong }),
        await api.post(`${path}/rotate-secret`, { signing_secret: wrong }),
      ];
      for (const response of responses) {
        assertProblem(response, 422, "validation_failed");
        assert.equal(response.body.errors[0].path, "signing_secret");
        assert.match(response.body.errors[0].message, /24 to 64 bytes in base64.*openssl rand -base64 32/);
        assert.ok(!response.text.includes(wrong.slice(6, 20)));
      }
      assert.equal((await api.patch(path, { signing_secret: `whsec_${"A".repeat(32)}` })).status, 200);
    });

    it("names the line and column of a JSON syntax error", async () => {
      const response = await api.post(CONNECT, '{\n  "webhook_url": oops\n}');
      assert.match(response.body.detail, /line 2, column 18/);
    });

    it("reports all invalid fields together", async () => {
      const response = await api.post(CONNECT, { webhook_url: 1, name: "", extra: true });
      const paths = response.body.errors.map((error: { path: string }) => error.path).toSorted();
      assert.deepEqual(paths, ["extra", "name", "webhook_url"]);
    });

    it("refuses other content types, and a body over the limit", async () => {
      const before = await count();
      for (const type of [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
      ]) {
        assertProblem(
          await api.post(CONNECT, "webhook_url=x", { "content-type": type }),
          415,
          "unsupported_media_type",
        );
      }
      const large = await api.post(CONNECT, { webhook_url: HOOK, name: "n".repeat(70_000) });
      assertProblem(large, 413, "body_too_large");
      assert.match(large.body.detail, /65536 bytes/);
      assert.equal(await count(), before);
    });

    it("accepts JSON content types with a charset or a suffix", async () => {
      for (const type of ["application/json; charset=utf-8", "application/vnd.api+json"]) {
        assert.equal((await api.post(CONNECT, { webhook_url: HOOK }, { "content-type": type })).status, 201);
      }
    });
  });

  describe("addresses", () => {
    it("distinguish a malformed id, an unknown id, an unknown path and a wrong method", async () => {
      assertProblem(await api.get("/api/integrations/connections/42"), 400, "invalid_id");
      assertProblem(await api.get(`/api/integrations/connections/${"a".repeat(500)}`), 400, "invalid_id");
      assertProblem(
        await api.get("/api/integrations/connections/0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11"),
        404,
        "not_found",
      );
      assertProblem(await api.get("/api/nowhere"), 404, "not_found");
      assertProblem(await api.get("/api/integrations/connections/%ff"), 400, "invalid_request");
      const put = await api.send("PUT", `/api/integrations/connections/${id}`, { name: "x" });
      assertProblem(put, 405, "method_not_allowed");
      assert.equal(put.headers.get("allow"), "DELETE, GET, HEAD, OPTIONS, PATCH");
      assertProblem(await api.delete(CONNECT), 405, "method_not_allowed");
    });

    it("with bad cursors, limits or filters are refused", async () => {
      const list = "/api/integrations/connections";
      for (const cursor of ["x", "e30", "%00", Buffer.from('["connections",1,"no"]').toString("base64url")]) {
        assertProblem(await api.get(`${list}?cursor=${cursor}`), 400, "invalid_cursor");
      }
      for (const query of [
        "limit=0",
        "limit=101",
        "limit=x",
        "status=gone",
        "unknown=1",
        "limit=1&limit=2",
      ]) {
        const response = await api.get(`${list}?${query}`);
        assertProblem(response, 422, "validation_failed");
        checkResponse("GET", list, response);
      }
    });
  });

  describe("credentials", () => {
    it("are required with 401 before anything else is checked", async () => {
      const anonymous = new ApiClient(instance.server.url);
      for (const response of [
        await anonymous.get("/api/integrations"),
        await anonymous.post(CONNECT, "{not json"),
        await anonymous.patch("/api/integrations/connections/42", {}),
        await anonymous.get("/api/session"),
        await anonymous.get("/api/integrations", { authorization: "Basic b3M6b3M=" }),
        await anonymous.get("/api/integrations", { cookie: "opensend.session_token=forged.signature" }),
      ]) {
        assertProblem(response, 401, "unauthenticated");
      }
    });
  });

  describe("the connection", () => {
    it("responds with a problem to bytes that are not HTTP", async () => {
      const { port } = new URL(instance.server.url);
      const text = await new Promise<string>((resolve) => {
        let received = "";
        const socket = dial(Number(port), "127.0.0.1", () => socket.write("GARBAGE verysecrettoken\r\n\r\n"));
        socket.on("data", (chunk) => {
          received += chunk.toString();
        });
        socket.on("close", () => resolve(received));
      });
      assert.match(text, /^HTTP\/1\.1 400 /);
      assert.match(text, /"code":"invalid_request"/);
      assert.doesNotMatch(text, /verysecrettoken/);
    });
  });

  describe("fuzz against openapi.json", () => {
    const anything = fc.anything({
      maxDepth: 2,
      withNullPrototype: false,
      values: [fc.string({ unit: "binary" }), fc.double(), fc.boolean(), fc.constant(null)],
    });
    const mostly = <T>(good: fc.Arbitrary<T>, ...bad: fc.Arbitrary<unknown>[]) =>
      fc.oneof({ weight: 12, arbitrary: good }, ...bad.map((arbitrary) => ({ weight: 1, arbitrary })));
    const binary = fc.string({ unit: "binary", maxLength: 600 });
    const text = mostly(fc.string({ minLength: 1, maxLength: 60 }), binary, anything);
    const url = mostly(
      fc.constant(HOOK),
      fc.oneof(
        fc.ipV4().map((address) => `https://${address}/hook`),
        fc.ipV6().map((address) => `http://[${address}]/`),
        fc.webPath().map((path) => `https://hooks.localhost${path}`),
      ),
      binary,
      anything,
    );
    const eventTypes = mostly(
      fc.uniqueArray(fc.constantFrom("*", "order.*", "a.b", "user_created"), { minLength: 1, maxLength: 4 }),
      fc.array(fc.string(), { maxLength: 4 }),
      anything,
    );
    const fields = {
      name: text,
      webhook_url: url,
      signing_secret: text,
      event_types: eventTypes,
      description: text,
    };
    const body = mostly(
      fc.record(fields, { requiredKeys: [] }),
      fc.record({ ...fields, extra: anything }, { requiredKeys: [] }),
      anything,
    );
    const runs = { numRuns: 300, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false };

    it("never responds to connect with a 5xx, and always within the schema", async (t) => {
      const statuses = new Map<number, number>();
      await fc.assert(
        fc.asyncProperty(body, async (value) => {
          const response = await api.post(CONNECT, JSON.stringify(value) ?? "");
          assert.ok(response.status < 500, response.text);
          checkResponse("POST", CONNECT, response);
          statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        }),
        runs,
      );
      t.diagnostic(`connect: ${JSON.stringify(Object.fromEntries(statuses))}`);
      assert.ok(statuses.has(201) && statuses.has(422));
    });

    it("never responds to patch with a 5xx, and always within the schema", async (t) => {
      const target = (await api.post(CONNECT, { webhook_url: HOOK })).body.data.id;
      const statuses = new Map<number, number>();
      await fc.assert(
        fc.asyncProperty(body, async (value) => {
          const response = await api.patch(
            `/api/integrations/connections/${target}`,
            JSON.stringify(value) ?? "",
          );
          assert.ok(response.status < 500, response.text);
          checkResponse("PATCH", CONNECTION, response);
          statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        }),
        runs,
      );
      t.diagnostic(`patch: ${JSON.stringify(Object.fromEntries(statuses))}`);
      assert.ok(statuses.has(200) && statuses.has(422));
    });

    it("responds to bytes that are not JSON with a 4xx", async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: "binary", minLength: 1, maxLength: 200 }), async (bytes) => {
          const response = await api.post(CONNECT, bytes);
          assert.ok(response.status >= 400 && response.status < 500, response.text);
          checkResponse("POST", CONNECT, response);
        }),
        { ...runs, numRuns: 100 },
      );
    });
  });

  it("leaves the existing connection unchanged", async () => {
    assert.equal((await api.get(`/api/integrations/connections/${id}`)).body.data.name, "Untouched");
  });
});
