import assert from "node:assert/strict";
import { type ClientRequest, request } from "node:http";
import type { AddressInfo } from "node:net";
import { after, afterEach, before, describe, it } from "node:test";
import { createApp } from "../../src/http/app.ts";
import { ApiClient, type ApiResponse } from "../support/api-client.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";
import { until } from "../support/until.ts";

const BATCH = "/api/events/batch";
const BATCH_BYTES_MAX = 8 * 1024 * 1024;
const HOSTILE = `[{"type":"x","data":{${'"a":1,'.repeat(1_200_000)}"a":1}}]`;

/** Blocks calls until it is opened, at the latest after the test. */
class Gate {
  /** Number of calls that have arrived. */
  begun = 0;
  open: () => void = () => undefined;
  readonly #opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });

  pass(): Promise<void> {
    this.begun++;
    return this.#opened;
  }
}

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let app: ServedApp;
  const closing: (() => Promise<void>)[] = [];
  let slow = new Gate();

  before(async () => {
    database = await makeDatabase();
    const environment = { ...database.environment, OPENSEND_TRUSTED_PROXIES: "127.0.0.1" };
    app = await serveTestApp({ ...database, environment });
  });
  afterEach(async () => {
    slow.open();
    slow = new Gate();
    for (const close of closing.splice(0)) await close();
  });
  after(async () => {
    await app.close();
    await database.remove();
  });

  type Services = ServedApp["context"]["services"];
  /** Another server on the app's services, with some of them replaced. */
  const serve = async (change: (services: Services) => Partial<Services>) => {
    const { services } = app.context;
    const server = await createApp({ ...services, ...change(services) });
    await server.listen({ host: "127.0.0.1", port: 0 });
    closing.push(() => server.close());
    const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
    const connections = () =>
      new Promise<number>((resolve) => {
        server.server.getConnections((_error, count) => resolve(count));
      });
    return { url, connections };
  };
  const serveSlowly = () =>
    serve(({ instance }) => {
      const { system } = instance.operations;
      const operations = {
        ...instance.operations,
        system: { read: () => slow.pass().then(system.read) },
      };
      return { instance: { ...instance, operations } };
    });
  const otherKey = async () => (await app.makeKey(await app.makeWorkspace())).key;

  describe("calls of one workspace", () => {
    it("wait for each other when they are many, without delaying other workspaces and its own events", async () => {
      const { url } = await serveSlowly();
      const own = new ApiClient(url, { key: app.api.key ?? "" });
      const refused: ApiResponse[] = [];
      const calls = Array.from({ length: 60 }, async () => {
        const response = await own.get("/api/system");
        if (response.status === 429) refused.push(response);
        return response;
      });
      await until(() => refused.length > 0);
      const { body, headers } = refused[0] as ApiResponse;
      assert.equal(body.code, "rate_limited");
      assert.match(body.detail, /^This workspace has too many calls waiting\. Wait/);
      assert.ok(Number(headers.get("retry-after")) > 0);
      const underWay = slow.begun;
      assert.equal(underWay, 3);

      const other = new ApiClient(url, { key: await otherKey() });
      assert.equal((await other.get("/api/integrations")).status, 200);
      assert.equal((await own.post("/api/events", { type: "x", data: {} })).status, 202);
      assert.equal((await own.get("/api/health")).status, 200);
      assert.equal(slow.begun, underWay);
      slow.open();
      const statuses = (await Promise.all(calls)).map(({ status }) => status);
      assert.equal(statuses.filter((status) => status === 200).length, underWay + 50);
    });

    it("are not started for a caller that has disconnected", async () => {
      const { url, connections } = await serveSlowly();
      const own = new ApiClient(url, { key: app.api.key ?? "" });
      const headers = { authorization: `Bearer ${app.api.key}` };
      const abort = new AbortController();
      const call = (signal?: AbortSignal) =>
        fetch(`${url}/api/system`, { headers, ...(signal === undefined ? {} : { signal }) });
      const staying = Array.from({ length: 3 }, () => call());
      await until(() => slow.begun === 3);
      let refused = 0;
      const gone = Array.from({ length: 60 }, async () => {
        const response = await call(abort.signal).catch(() => null);
        if (response?.status === 429) refused++;
      });
      // Then fifty calls are waiting.
      await until(() => refused === 10);
      const before = await connections();
      abort.abort();
      await Promise.all(gone);
      await until(async () => (await connections()) <= before - 50);
      slow.open();
      await Promise.all(staying);
      assert.equal((await own.get("/api/integrations")).status, 200);
      assert.equal(slow.begun, 3);
    });
  });

  it("checks few passwords concurrently, and one at a time per address", async () => {
    const { url } = await serve(({ access }) => {
      const sessions = { ...access.sessions, people: () => slow.pass().then(access.sessions.people) };
      return { access: { ...access, sessions } };
    });
    const anonymous = new ApiClient(url);
    const signIn = (email: string, from: string) =>
      anonymous.post("/api/session", { email, password: "a wrong password" }, { "x-forwarded-for": from });
    const ofOne = ["2001:db8::1", "2001:db8::2", "2001:db8::3:4"].map((from, n) =>
      signIn(`${n}@a.example`, from),
    );
    const ofOthers = ["192.0.2.1", "192.0.2.2"].map((from, n) => signIn(`${n}@b.example`, from));
    await until(() => slow.begun >= 2);
    assert.equal((await anonymous.get("/api/setup", { "x-forwarded-for": "192.0.2.1" })).status, 200);
    assert.equal(slow.begun, 2);
    slow.open();
    const statuses = (await Promise.all([...ofOne, ...ofOthers])).map(({ status }) => status);
    assert.deepEqual(statuses, Array(5).fill(401));
  });

  describe("bodies with events", () => {
    const begun: ClientRequest[] = [];
    afterEach(() => {
      for (const one of begun.splice(0)) one.destroy();
    });
    /** Declares the length of its body and sends none of it. Resolves with the status of an early response. */
    const begin = (key: string | null, bytes: number): Promise<number | undefined> => {
      const sent = request(`${app.url}${BATCH}`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${key}`,
          "content-type": "application/json",
          "content-length": bytes,
        },
      });
      begun.push(sent);
      return new Promise((resolve) => {
        sent.on("response", (response) => resolve(response.resume().statusCode)).on("error", () => undefined);
        sent.flushHeaders();
      });
    };

    it("of one workspace are limited before they are read, and leave room for those of others", async () => {
      const key = await otherKey();
      const responses = Array.from({ length: 8 }, () => begin(key, BATCH_BYTES_MAX));
      assert.equal(await Promise.any(responses), 429);
      const events = [{ type: "order.paid", data: {} }];
      assert.equal((await new ApiClient(app.url, { key: await otherKey() }).post(BATCH, events)).status, 202);
      const own = new ApiClient(app.url, { key });
      assert.equal((await own.post(BATCH, events)).status, 429);
      for (const one of begun.splice(0)) one.destroy();
      await until(async () => (await own.post(BATCH, events)).status === 202);
    });

    it("that are hostile are refused with the position and a fix", async () => {
      const response = await app.api.post(BATCH, HOSTILE);
      assert.equal(response.status, 422);
      const [error] = response.body.errors;
      assert.equal(error.path, "0");
      assert.match(error.message, /more than \d+ names|more than 262144 bytes/);
      assert.match(response.body.detail, /Nothing was stored/);
    });
  });

  describe("a long body", () => {
    const long = (n: number) => ({ type: "order.paid", data: { n, text: "x".repeat(100_000) } });

    it("is accepted whole, once per key, and another body with the same key is refused", async () => {
      const key = { "idempotency-key": `long-${crypto.randomUUID()}` };
      const first = await app.api.post(BATCH, [long(1), long(2)], key);
      assert.equal(first.status, 202);
      const again = await app.api.post(BATCH, [long(1), long(2)], key);
      assert.equal(again.status, 202);
      assert.equal(again.headers.get("idempotent-replayed"), "true");
      assert.deepEqual(again.body.data, first.body.data);
      assert.equal((await app.api.post(BATCH, [long(1), long(3)], key)).status, 409);
      const [{ id }] = first.body.data;
      const { data_text: text } = (await app.api.get(`/api/events/${id}`)).body.data;
      assert.ok(text === JSON.stringify(long(1).data));
    });

    it("can be sent in chunks without a length, and is still limited", async () => {
      const post = (path: string, text: string) =>
        fetch(`${app.url}${path}`, {
          method: "POST",
          headers: { authorization: `Bearer ${app.api.key}`, "content-type": "application/json" },
          body: new Blob([text]).stream(),
          duplex: "half",
        } as RequestInit);
      assert.equal((await post("/api/events", JSON.stringify(long(1)))).status, 202);
      assert.equal((await post("/api/events", '{"type":"x","data":{}}')).status, 202);
      const tooLong = await post("/api/events", JSON.stringify({ type: "x", data: "y".repeat(300_000) }));
      assert.equal(tooLong.status, 413);
      assert.match(((await tooLong.json()) as { detail: string }).detail, /more than 262144 bytes/);
    });

    it("leaves nothing behind when its caller disconnects in the middle", async () => {
      const body = JSON.stringify([long(1), long(2)]);
      for (let n = 0; n < 5; n++) {
        const sent = request(`${app.url}${BATCH}`, {
          method: "POST",
          headers: {
            authorization: `Bearer ${app.api.key}`,
            "content-type": "application/json",
            "content-length": body.length,
          },
        });
        sent.on("error", () => undefined);
        await new Promise<void>((resolve) => sent.write(body.slice(0, 150_000), () => resolve()));
        sent.destroy();
      }
      assert.equal((await app.api.post(BATCH, [long(1)])).status, 202);
    });
  });

  it("delays a workspace's requests after refused ones, and no other workspace's", async () => {
    const own = new ApiClient(app.url, { key: await otherKey() });
    const other = new ApiClient(app.url, { key: await otherKey() });
    const wrong = { type: "a b", data: {} };
    for (let n = 0; n < 8; n++) assert.equal((await own.post("/api/events", wrong)).status, 422);
    const refused = Array.from({ length: 80 }, () => own.post("/api/events", wrong));
    const order: string[] = [];
    const all = Promise.all(refused).then((responses) => {
      order.push("refused");
      return responses;
    });
    assert.equal((await other.post("/api/events", { type: "x", data: {} })).status, 202);
    order.push("accepted");
    const statuses = (await all).map(({ status }) => status);
    assert.deepEqual(order, ["accepted", "refused"]);
    assert.deepEqual([...new Set(statuses)].toSorted(), [422, 429]);
    const limited = (await all).find(({ status }) => status === 429);
    assert.match(limited?.body.detail, /^The last requests of this workspace were refused/);
    const right = () => own.post("/api/events", { type: "x", data: {} });
    assert.equal((await right()).status, 202);
    const responses = await Promise.all(Array.from({ length: 100 }, right));
    assert.deepEqual([...new Set(responses.map(({ status }) => status))], [202]);
  });

  describe("the rate limit", () => {
    const limited = async (perMinute: number) => {
      const { url } = await serve(({ instance }) => ({
        instance: { ...instance, settings: { ...instance.settings, rateLimitPerMinute: perMinute } },
      }));
      return url;
    };

    it("of a workspace covers all of its keys, and no other workspace", async () => {
      const url = await limited(2);
      const call = (key: string) => new ApiClient(url, { key }).get("/api/integrations");
      const [workspaceId, other] = [await app.makeWorkspace(), await otherKey()];
      const statuses: number[] = [];
      for (let n = 0; n < 5; n++) {
        const { key } = await app.makeKey(workspaceId);
        for (let calls = 0; calls < 3; calls++) statuses.push((await call(key)).status);
      }
      // Requests refused by a key's own limit do not count for its workspace.
      assert.deepEqual(statuses, Array(5).fill([200, 200, 429]).flat());
      const refused = await call((await app.makeKey(workspaceId)).key);
      assert.equal(refused.status, 429);
      assert.match(refused.body.detail, /^The keys and sessions of this workspace .* more than 10 requests/);
      assert.equal((await call(other)).status, 200);
    });

    it("counts an IPv6 network as one address, and IPv4 in every notation", async () => {
      const url = await limited(2);
      const anonymous = new ApiClient(url);
      const status = async (from: string) =>
        (await anonymous.get("/api/session", { "x-forwarded-for": from })).status;
      const network = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::7", "2001:db8:1:2::3", "2001:db8:1:3::1"];
      const statuses: number[] = [];
      for (const from of network) statuses.push(await status(from));
      for (const from of ["192.0.2.1", "::ffff:192.0.2.1", "::ffff:c000:201"])
        statuses.push(await status(from));
      assert.deepEqual(statuses, [401, 401, 429, 401, 401, 401, 429]);
    });
  });
});
