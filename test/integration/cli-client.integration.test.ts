import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { verify } from "../../src/cli/receiver.ts";
import { type ApiClient, setUpOwner } from "../support/api-client.ts";
import { runClient, startClient } from "../support/client-program.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { freePort, type RunningServer, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const DATA = '{"order_id":12345678901234567890,"price":1.10}';

const jsonOf = (stdout: string) =>
  stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

forEachDatabase((makeDatabase) => {
  describe("commands that call a server", () => {
    let database: TestDatabase;
    let server: RunningServer;
    let owner: ApiClient;
    let receiver: TestReceiver;
    let port = 0;
    let key = "";

    const start = () =>
      startServer({ ...database.environment, PORT: String(port) }, { dataDir: database.dataDir });
    const run = (args: readonly string[], given: Parameters<typeof runClient>[2] = {}) =>
      runClient(args, { url: server.url, key }, given);
    const ok = async (args: readonly string[], given: Parameters<typeof runClient>[2] = {}) => {
      const ended = await run(args, given);
      assert.equal(ended.code, 0, `${args.join(" ")}: ${ended.stderr}`);
      return ended;
    };
    const startFollowing = async (args: readonly string[], isReady: (stderr: string) => boolean) => {
      const client = startClient(args, { url: server.url, key });
      await until(() => isReady(client.stderr()), `it is ready: ${client.stderr()}`);
      return client;
    };
    const makeKey = async (access: string) => {
      const created = await owner.post("/api/api-keys", { name: access, access });
      assert.equal(created.status, 201, created.text);
      return created.body.key as string;
    };
    const connect = async (name: string, eventTypes: string, path = `/hook/${name}`) => {
      const url = `${receiver.url}${path}`;
      const args = ["connections", "create", "--name", name, "--event-types", eventTypes, "--json"];
      const { stdout } = await ok(args, { environment: { OPENSEND_WEBHOOK_URL: url } });
      return jsonOf(stdout)[0].id as string;
    };

    before(async () => {
      database = await makeDatabase();
      receiver = await startTestReceiver();
      port = await freePort();
      server = await start();
      owner = await setUpOwner(server);
      key = await makeKey("full_access");
    });
    after(async () => {
      await server.stop();
      await receiver.close();
      await database.remove();
    });

    describe("events", () => {
      it("are sent with exact data, stored once per id, and listed", async () => {
        const id = randomUUID();
        const sent = await ok(["events", "send", "order.paid", "--id", id, "--json"], { input: DATA });
        assert.deepEqual(jsonOf(sent.stdout), [
          { id, type: "order.paid", created_at: jsonOf(sent.stdout)[0].created_at, deliveries: 0 },
        ]);
        await ok(["events", "send", "order.paid", "--id", id, "--data", DATA]);
        const listed = await ok(["events", "list", "--type", "order.*", "--since", "1h", "--json"]);
        assert.deepEqual(
          jsonOf(listed.stdout).map((event) => [event.id, event.data_text]),
          [[id, DATA]],
        );
        const plain = await ok(["events", "list"]);
        assert.match(plain.stdout, new RegExp(`^\\S+\t${id}\torder.paid\tnone\n$`));
      });

      it("are refused with the server's reason, fields and documentation page", async () => {
        const id = randomUUID();
        await ok(["events", "send", "order.paid", "--id", id, "--data", '{"a":1}']);
        const other = await run(["events", "send", "order.paid", "--id", id, "--data", '{"a":2}']);
        assert.equal(other.code, 1);
        assert.match(other.stderr, /See http\S+\/docs\/errors\/event_id_reused/);
        const bad = await run(["events", "send", "not a type", "--data", "{}"]);
        assert.equal(bad.code, 1);
        assert.match(bad.stderr, /^ {2}type: /m);
      });

      for (const [text, reason] of [
        ["[1]", /must be a JSON object/],
        ["{", /must be valid JSON/],
        ["", /must be valid JSON/],
      ] as const) {
        it(`with the data "${text}" are refused before the call`, async () => {
          const ended = await run(["events", "send", "order.paid"], { input: text });
          assert.equal(ended.code, 2);
          assert.match(ended.stderr, reason);
        });
      }

      it("are followed live, each once and oldest first, including those of a batch", async () => {
        const tail = await startFollowing(["events", "tail", "--type", "tail.*", "--json"], (text) =>
          text.includes("Following"),
        );
        await ok(["events", "send", "other", "--data", "{}"]);
        await ok(["events", "send", "tail.first", "--data", '{"n":0}']);
        await tail.lines(1);
        const batch = Array.from({ length: 250 }, (_, n) => ({ type: "tail.many", data: { n } }));
        assert.equal((await owner.post("/api/events/batch", batch)).status, 202);
        await tail.lines(251);
        await ok(["events", "send", "tail.last", "--data", "{}"]);
        const lines = await tail.lines(252);
        assert.equal(new Set(lines.map(({ id }) => id)).size, 252);
        assert.deepEqual(
          [lines[0]?.["type"], lines.at(-1)?.["type"], lines.length],
          ["tail.first", "tail.last", 252],
        );
        assert.deepEqual((await tail.interrupt()).code, 0);
      });

      it("can be followed with a key that can read events but not the stream", async () => {
        const own = { url: server.url, key: await makeKey("connections") };
        const tail = startClient(["events", "tail", "--type", "poll", "--json"], own);
        await until(() => tail.stderr().includes("Following"));
        await ok(["events", "send", "poll", "--data", "{}"]);
        await tail.lines(1);
        assert.equal((await tail.interrupt()).code, 0);
      });

      it("are followed across a restart of the server", async () => {
        const tail = await startFollowing(["events", "tail", "--type", "again", "--json"], (text) =>
          text.includes("Following"),
        );
        await server.kill();
        await until(() => tail.stderr().includes("Connecting again"));
        server = await start();
        await ok(["events", "send", "again", "--data", '{"after":"restart"}']);
        const [event] = await tail.lines(1);
        assert.equal(event?.["data_text"], '{"after":"restart"}');
        assert.match(tail.stderr(), /Connected again/);
        assert.equal((await tail.interrupt()).code, 0);
      });
    });

    describe("connections", () => {
      it("are created with a URL from the environment, a file or standard input, which is never shown", async () => {
        const folder = mkdtempSync(join(tmpdir(), "opensend-test-"));
        const token = "s3cr3t-t0ken-0123456789";
        const url = `${receiver.url}/hook/${token}`;
        writeFileSync(join(folder, "url"), `${url}\n`);
        const create = ["connections", "create", "--name", "From", "--event-types", "never"];
        const outputs = await Promise.all([
          ok(create, { environment: { OPENSEND_WEBHOOK_URL: url, OPENSEND_SIGNING_SECRET: SECRET } }),
          ok(create, { environment: { OPENSEND_WEBHOOK_URL_FILE: join(folder, "url") } }),
          ok([...create, "--json"], { input: `${url}\n` }),
        ]);
        rmSync(folder, { recursive: true });
        for (const { stdout, stderr } of outputs) assert.doesNotMatch(stdout + stderr, /t0ken|whsec_/);
        const listed = jsonOf((await ok(["connections", "list", "--search", "From", "--json"])).stdout);
        assert.deepEqual(listed.map(({ config }) => config.webhook.has_signing_secret).sort(), [
          false,
          false,
          true,
        ]);
        assert.equal(new Set(listed.map(({ config }) => config.webhook.endpoint_fingerprint)).size, 1);
      });

      it("are not created without a URL, or with a secret that no library accepts", async () => {
        const create = ["connections", "create", "--name", "x"];
        const none = await run(create);
        assert.deepEqual([none.code, /OPENSEND_WEBHOOK_URL/.test(none.stderr)], [2, true]);
        const environment = { OPENSEND_WEBHOOK_URL: receiver.url, OPENSEND_SIGNING_SECRET: "whsec_short" };
        const short = await run(create, { environment });
        assert.deepEqual([short.code, /24 to 64 bytes/.test(short.stderr)], [2, true]);
        const argument = await run([...create, "https://hooks.example.com/s3cr3t"]);
        assert.deepEqual([argument.code, argument.stderr.includes("s3cr3t")], [2, false]);
      });

      it("can be named by their external id", async () => {
        const create = [
          "connections",
          "create",
          "--name",
          "Own",
          "--event-types",
          "never",
          "--external-id",
          "own:1",
        ];
        await ok(create, { input: receiver.url });
        assert.match((await ok(["connections", "test", "own:1"])).stdout, /^ok\t200/);
        const unknown = await run(["connections", "pause", "own:2"]);
        assert.deepEqual([unknown.code, /external_id/.test(unknown.stderr)], [1, true]);
        const again = await run(create, { input: receiver.url });
        assert.deepEqual([again.code, /errors\/external_id_taken/.test(again.stderr)], [1, true]);
      });

      it("are tested, paused and resumed", async () => {
        const id = await connect("Changed", "never");
        assert.match((await ok(["connections", "test", id])).stdout, /^ok\t200 in \d+ ms\n$/);
        assert.match((await ok(["connections", "pause", id])).stdout, /is paused/);
        assert.match((await ok(["connections", "pause", id])).stdout, /is paused/);
        const paused = await ok(["connections", "list", "--state", "paused"]);
        assert.match(paused.stdout, new RegExp(`^${id}\tpaused\t0\tnever\tChanged\t`));
        assert.match((await ok(["connections", "resume", id])).stdout, /is ok/);
        receiver.respond = (response) => response.writeHead(401).end();
        const failed = await run(["connections", "test", id]);
        receiver.respond = (response) => response.writeHead(200).end();
        assert.equal(failed.code, 1);
        assert.match(failed.stderr, /401/);
        assert.equal(failed.stdout, "");
      });
    });

    describe("deliveries", () => {
      it("are listed, retried and replayed", async (t) => {
        const id = await connect("Broken", "broken");
        receiver.respond = (response) => response.writeHead(500).end();
        t.after(() => {
          receiver.respond = (response) => response.writeHead(200).end();
        });
        await ok(["events", "send", "broken", "--data", "{}"]);
        const listed = async () => {
          const { stdout } = await ok(["deliveries", "list", "--connection", id, "--json"]);
          return jsonOf(stdout)[0];
        };
        await until(async () => (await listed())?.attempt_count >= 1);
        const delivery = await listed();
        const pending = await ok(["deliveries", "list", "--connection", id, "--status", "pending,failed"]);
        assert.match(pending.stdout, new RegExp(`\t${delivery.id}\tpending\t\\d+\t\\S+\tbroken\tBroken\n$`));
        const retried = await ok(["deliveries", "retry", delivery.id]);
        assert.match(retried.stdout, new RegExp(`^delivery ${delivery.id} is pending and due now\n$`));
        await until(async () => (await listed()).attempt_count > delivery.attempt_count);
        assert.equal((await owner.post(`/api/deliveries/${delivery.id}/cancel`)).status, 200);
        receiver.respond = (response) => response.writeHead(200).end();

        const chosen = ["--connection", id, "--status", "cancelled"];
        const preview = await ok(["replay", ...chosen, "--dry-run"]);
        assert.match(preview.stdout, /^deliveries that match: 1\n {2}1\tBroken\t/);
        const unasked = await run(["replay", ...chosen]);
        assert.deepEqual([unasked.code, /Add --yes/.test(unasked.stderr)], [2, true]);
        const replayed = await ok(["replay", ...chosen, "--yes", "--wait", "--json"]);
        const [replay] = jsonOf(replayed.stdout);
        assert.deepEqual([replay.status, replay.total, replay.delivered], ["completed", 1, 1]);
        const none = await ok(["replay", ...chosen]);
        assert.deepEqual([none.stdout, none.stderr], ["", "deliveries that match: 0\n"]);
        const several = await ok([
          "deliveries",
          "retry",
          delivery.id,
          delivery.id.toUpperCase(),
          randomUUID(),
        ]);
        assert.match(several.stdout, /^retried 1 deliveries/);
      });
    });

    describe("listen --forward-to", () => {
      it("posts events to an app that the server cannot reach, like a delivery, and leaves nothing behind", async (t) => {
        const before = await owner.get("/api/integrations/connections");
        const app = await startTestReceiver();
        t.after(() => app.close());
        const listen = await startFollowing(
          ["listen", "--forward-to", `${app.url}/hook`, "--event-types", "fwd.*", "--json"],
          (text) => text.includes("Signing secret"),
        );
        const secret = /whsec_\S+/.exec(listen.stderr())?.[0] ?? "";
        await ok(["events", "send", "other", "--data", "{}"]);
        const sent = await ok(
          ["events", "send", "fwd.one", "--created-at", "2026-06-06T00:00:00Z", "--json"],
          { input: DATA },
        );
        const [result] = await listen.lines(1);
        assert.deepEqual(
          [result?.["ok"], result?.["status"], result?.["event_id"]],
          [true, 200, jsonOf(sent.stdout)[0].id],
        );
        const [request] = app.received;
        assert.equal(request?.path, "/hook");
        assert.equal(
          request?.body,
          `{"type":"fwd.one","created_at":"2026-06-06T00:00:00.000Z","data":${DATA}}`,
        );
        assert.equal(request?.headers["webhook-id"], jsonOf(sent.stdout)[0].id);
        const headers = request?.headers as Record<string, string>;
        assert.deepEqual(verify(secret, headers, request?.body ?? ""), { state: "verified" });
        assert.match(headers["webhook-signature"] ?? "", /^v1,/);

        app.respond = (response) => response.writeHead(500).end("broken\u001b[2J");
        await ok(["events", "send", "fwd.two", "--data", "{}"]);
        const failed = (await listen.lines(2))[1];
        assert.deepEqual([failed?.["ok"], failed?.["status"]], [false, 500]);
        await app.close();
        await ok(["events", "send", "fwd.three", "--data", "{}"]);
        const refused = (await listen.lines(3))[2];
        assert.deepEqual(
          [refused?.["status"], refused?.["error"]],
          [null, "nothing listens there (ECONNREFUSED)"],
        );
        assert.equal((await listen.interrupt()).code, 0);
        const after = await owner.get("/api/integrations/connections");
        assert.equal(after.body.data.length, before.body.data.length);
      });

      it("signs with the given secret, forwards no tests, and shows results as lines", async (t) => {
        const id = await connect("Tested", "never");
        const app = await startTestReceiver();
        t.after(() => app.close());
        app.respond = (response) => response.writeHead(422).end("no such order\u001b[2J");
        const listen = startClient(
          ["listen", "--forward-to", app.url],
          { url: server.url, key },
          { OPENSEND_SIGNING_SECRET: SECRET },
        );
        await until(() => listen.stderr().includes("Forwarding *"));
        assert.ok(!listen.stderr().includes("whsec_"));
        await ok(["connections", "test", id]);
        await ok(["events", "send", "any", "--data", "{}"]);
        await until(() => listen.stdout().includes("no such order"));
        assert.match(
          listen.stdout(),
          /^\S+\t[0-9a-f-]{36}\tany\tfailed\t422 in \d+ ms\nno such order�\[2J\n$/,
        );
        assert.deepEqual(
          app.received.map(({ body }) => JSON.parse(body).type),
          ["any"],
        );
        const [request] = app.received;
        const verdict = verify(SECRET, request?.headers as Record<string, string>, request?.body ?? "");
        assert.deepEqual(verdict, { state: "verified" });
        assert.equal((await listen.interrupt()).code, 0);
      });

      it("refuses a URL with a password, without repeating it", async () => {
        const ended = await run(["listen", "--forward-to", "http://ada:s3cr3t@localhost:3000"]);
        assert.deepEqual([ended.code, ended.stderr.includes("s3cr3t")], [2, false]);
      });
    });

    describe("a missing, wrong or too limited key", () => {
      it("is reported, without the key", async () => {
        const none = await runClient(["events", "list"], { url: server.url, key: null });
        assert.deepEqual([none.code, /OPENSEND_API_KEY/.test(none.stderr)], [2, true]);
        const wrong = await runClient(["events", "list"], { url: server.url, key: "os_wr0ng" });
        assert.equal(wrong.code, 1);
        assert.match(wrong.stderr, /Set OPENSEND_API_KEY/);
        assert.doesNotMatch(wrong.stderr, /wr0ng/);
        for (const args of [
          ["events", "list"],
          ["events", "tail"],
        ]) {
          const small = await runClient(args, { url: server.url, key: await makeKey("sending_access") });
          assert.equal(small.code, 1);
          assert.match(small.stderr, /a key with more access/);
        }
      });
    });
  });
});

describe("a command that reaches no OpenSend server", () => {
  let receiver: TestReceiver;
  before(async () => {
    receiver = await startTestReceiver();
  });
  after(() => receiver.close());
  const list = (url: string) => runClient(["events", "list"], { url, key: "os_key" });

  it("reports immediately that no server responds", async () => {
    const startedAt = performance.now();
    const ended = await list(`http://127.0.0.1:${await freePort()}`);
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /No server responds at http:\S+ \(ECONNREFUSED\)\. Start one/);
    assert.ok(performance.now() - startedAt < 3000);
  });

  it("reports that the response is not one of OpenSend", async () => {
    receiver.respond = (response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>");
    const ended = await list(receiver.url);
    assert.deepEqual([ended.code, /not as OpenSend does/.test(ended.stderr)], [1, true]);
  });

  it("does not send the key to the target of a redirect", async () => {
    const other = await startTestReceiver();
    receiver.respond = (response) => response.writeHead(302, { location: `${other.url}/x` }).end();
    const ended = await list(receiver.url);
    assert.equal(ended.code, 1);
    assert.ok(ended.stderr.includes(`redirects to ${other.url}. Set OPENSEND_URL`));
    assert.equal(other.received.length, 0);
    await other.close();
  });

  it("sends an event again with the same id when the server is overloaded, unless Retry-After is long", async () => {
    receiver.received.length = 0;
    receiver.respond = (response) => {
      if (receiver.received.length < 3) response.writeHead(503, { "retry-after": "0" }).end("{}");
      else
        response
          .writeHead(202, { "content-type": "application/json" })
          .end('{"object":"event","data":{"id":"x","deliveries":1}}');
    };
    const send = () =>
      runClient(["events", "send", "order.paid", "--data", "{}"], { url: receiver.url, key: "os_key" });
    assert.equal((await send()).code, 0);
    const ids = receiver.received.map(({ body }) => JSON.parse(body).id);
    assert.deepEqual([ids.length, new Set(ids).size], [3, 1]);
    receiver.received.length = 0;
    const problem = { code: "overloaded", detail: "Busy for long.", status: 503 };
    receiver.respond = (response) =>
      response
        .writeHead(503, { "retry-after": "600", "content-type": "application/problem+json" })
        .end(JSON.stringify(problem));
    const ended = await send();
    assert.deepEqual([ended.code, ended.stderr, receiver.received.length], [1, "Busy for long.\n", 1]);
  });

  it("starts faster than a command that loads the server", async (t) => {
    const timeOf = async (...args: string[]) => {
      const startedAt = performance.now();
      assert.equal((await runClient(args, { url: receiver.url, key: null })).code, 0);
      return Math.round(performance.now() - startedAt);
    };
    // The first start of a version compiles it.
    await timeOf("events", "--help");
    await timeOf("doctor", "--help");
    const [client, server] = [await timeOf("events", "--help"), await timeOf("doctor", "--help")];
    t.diagnostic(`a client command starts in ${client} ms, a server command in ${server} ms`);
    assert.ok(client < server, `${client} < ${server}`);
  });

  it("ignores options that only the server reads", async () => {
    const environment = { PORT: "no port", OPENSEND_STATUS_RETENTION_DAYS: "1" };
    receiver.respond = (response) =>
      response
        .writeHead(200, { "content-type": "application/json" })
        .end('{"data":[],"has_more":false,"next_cursor":null}');
    const ended = await runClient(["events", "list"], { url: receiver.url, key: "os_key" }, { environment });
    assert.deepEqual(ended, { code: 0, stdout: "", stderr: "" });
  });
});
