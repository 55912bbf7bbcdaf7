import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { ApiClient } from "../support/api-client.ts";
import { forEachDatabase } from "../support/databases.ts";
import { keyOfAnotherWorkspace, startInstance, type TestInstance } from "../support/instance.ts";
import { type NameServer, startNameServer } from "../support/name-server.ts";
import { needs } from "../support/needs.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { until } from "../support/until.ts";

/** resolv.conf cannot name ports, so the name server listens on port 53 of an otherwise unused address. */
const NAME_SERVER = { host: "127.77.0.53", port: 53 };
/** More names than one workspace can look up concurrently. */
const SILENT_NAMES = Array.from({ length: 80 }, (_none, n) => `silent${n}.test`);
const isRoot = process.getuid?.() === 0;

function skipReason(): string | false {
  return isRoot || process.env["CI"] === "true" ? needs("unshare", "mount") : "needs root";
}

/** Mounts this resolv.conf for the program only. */
function withResolvConf(path: string): readonly string[] {
  const script = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
  return ["unshare", "--mount", "sh", "-c", script, path];
}

describe("name servers", { skip: skipReason() }, () => {
  let dir: string;
  let resolvConf: string;
  let nameServer: NameServer;
  let receiver: TestReceiver;
  let port: string;

  before(async () => {
    nameServer = await startNameServer({}, NAME_SERVER);
    receiver = await startTestReceiver();
    port = new URL(receiver.url).port;
    dir = mkdtempSync(join(tmpdir(), "opensend-resolv-"));
    resolvConf = join(dir, "resolv.conf");
  });
  after(async () => {
    await nameServer.close();
    await receiver.close();
    rmSync(dir, { recursive: true });
  });

  forEachDatabase((makeDatabase) => {
    let instance: TestInstance;
    let neighbor: ApiClient;

    beforeEach(async () => {
      receiver.received.length = 0;
      nameServer.queries.length = 0;
      for (const name of [...SILENT_NAMES, "good.test", "own.test"])
        nameServer.names.set(name, ["127.0.0.1"]);
      writeFileSync(resolvConf, `nameserver ${NAME_SERVER.host}\n`);
      instance = await startInstance(makeDatabase, {}, { within: withResolvConf(resolvConf) });
      neighbor = await keyOfAnotherWorkspace(instance);
    });
    afterEach(() => instance.remove());

    const connect = async (client: ApiClient, host: string): Promise<string> => {
      const input = { name: host, webhook_url: `http://${host}:${port}/${host}` };
      const response = await client.post("/api/integrations/webhook", input);
      assert.equal(response.status, 201, response.text);
      return response.body.data.id;
    };
    const post = async (client: ApiClient, count: number) => {
      const events = Array.from({ length: count }, (_none, n) => ({ type: "order.paid", data: { n } }));
      assert.equal((await client.post("/api/events/batch", events)).status, 202);
    };

    it("that do not respond for one workspace's names delay no delivery or test of another workspace", async () => {
      for (const name of SILENT_NAMES) await connect(instance.api, name);
      const own = await connect(instance.api, "own.test");
      const connection = await connect(neighbor, "good.test");
      for (const name of SILENT_NAMES) nameServer.names.set(name, "silence");
      const asked = nameServer.queries.length;
      await post(instance.api, 5);
      await until(() => nameServer.queries.length > asked + 2 * 40);

      await post(neighbor, 3);
      const tested = await neighbor.post(`/api/integrations/connections/${connection}/test`);
      assert.equal(tested.body.delivery.ok, true, tested.text);
      const ownTested = await instance.api.post(`/api/integrations/connections/${own}/test`);
      assert.equal(ownTested.body.delivery.ok, true, ownTested.text);
      await connect(neighbor, "good.test");
      await until(() => receiver.received.filter(({ path }) => path === "/good.test").length >= 4);

      let deliveries = await neighbor.get(`/api/deliveries?connection_id=${connection}`);
      // Results that no caller waits for are recorded shortly after the response.
      await until(async () => {
        deliveries = await neighbor.get(`/api/deliveries?connection_id=${connection}`);
        return deliveries.body.data.every((one: { status: string }) => one.status === "delivered");
      });
      const attempts = deliveries.body.data.map((one: { attempt_count: number }) => one.attempt_count);
      assert.deepEqual(attempts, [1, 1, 1, 1], "each at the first attempt");
      const { body } = await neighbor.get(`/api/integrations/connections/${connection}`);
      assert.equal(body.data.health, "healthy");

      await until(async () => {
        const { body } = await instance.api.get("/api/deliveries");
        return body.data.some((one: { error_code: string | null }) => one.error_code === "dns_timeout");
      });
    });

    it("that replace others in resolv.conf are used without a restart", async () => {
      const connection = await connect(instance.api, "good.test");
      const moved = await startNameServer({ "good.test": ["127.0.0.1"] }, { host: "127.77.0.54", port: 53 });
      try {
        nameServer.names.set("good.test", "server failure");
        writeFileSync(resolvConf, "nameserver 127.77.0.54\n");
        const tested = await instance.api.post(`/api/integrations/connections/${connection}/test`);
        assert.equal(tested.body.delivery.ok, true, tested.text);
        assert.ok(moved.queries.includes("A good.test"));
      } finally {
        await moved.close();
      }
    });
  });
});
