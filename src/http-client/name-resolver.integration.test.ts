import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { startNameServer } from "../../test/support/name-server.ts";
import { resolverOf, resultOf, serveNames } from "../../test/support/serve-names.ts";
import { until } from "../../test/support/until.ts";
import { SystemLookup } from "./system-lookup.ts";

const FOREVER = new AbortController().signal;

function writeFile(t: TestContext, text: string): string {
  const dir = mkdtempSync(join(tmpdir(), "opensend-dns-"));
  t.after(() => rmSync(dir, { recursive: true }));
  const path = join(dir, "file");
  writeFileSync(path, text);
  return path;
}

suite("a name in DNS", () => {
  test("has the addresses of both families, IPv4 first", async (t) => {
    const server = await serveNames(t, { "both.test": ["2001:db8::1", "192.0.2.1", "192.0.2.2"] });
    const { resolve } = resolverOf(server);
    const addresses = await resolve("both.test", FOREVER);
    assert.deepEqual([...addresses.slice(0, 2)].sort(), ["192.0.2.1", "192.0.2.2"]);
    assert.deepEqual(addresses.slice(2), ["2001:db8::1"]);
  });

  test("can have addresses of one family only", async (t) => {
    const server = await serveNames(t, { "four.test": ["192.0.2.4"], "six.test": ["2001:db8::6"] });
    const { resolve } = resolverOf(server);
    assert.deepEqual(await resolve("four.test", FOREVER), ["192.0.2.4"]);
    assert.deepEqual(await resolve("six.test", FOREVER), ["2001:db8::6"]);
  });

  test("is not delayed by a name server that drops one of its two queries", async (t) => {
    const server = await serveNames(t, { "half.test": ["192.0.2.1"], "AAAA half.test": "silence" });
    assert.deepEqual(await resolverOf(server).resolve("half.test", FOREVER), ["192.0.2.1"]);
    const asked = server.queries.filter((query) => query === "AAAA half.test").length;
    assert.ok(asked > 0 && asked < 4, `the other family was asked for ${asked} times`);
  });

  test("is queried over TCP if its addresses do not fit into UDP", async (t) => {
    const many = Array.from({ length: 60 }, (_, n) => `192.0.2.${n + 1}`);
    const { resolve } = resolverOf(await serveNames(t, { "many.test": many }));
    assert.equal((await resolve("many.test", FOREVER)).length, many.length);
  });

  test("fails with the name server's reason", async (t) => {
    const server = await serveNames(t, { "failing.test": "server failure", "empty.test": [] });
    const { resolve } = resolverOf(server);
    assert.equal(await resultOf(resolve("unknown.test", FOREVER)), "dns_not_found");
    assert.equal(await resultOf(resolve("empty.test", FOREVER)), "dns_not_found");
    assert.equal(await resultOf(resolve("failing.test", FOREVER)), "dns_failed");
  });

  test("fails as a lookup, not as a connection, when no name server runs", async () => {
    const server = await startNameServer({});
    await server.close();
    assert.equal(await resultOf(resolverOf(server).resolve("any.test", FOREVER)), "dns_failed");
  });

  test("is cancelled without a trace when no caller is left", async (t) => {
    const server = await serveNames(t, { "silent.test": "silence", "good.test": ["192.0.2.1"] });
    const { resolve } = resolverOf(server);
    const controller = new AbortController();
    const lookup = resultOf(resolve("silent.test", controller.signal));
    await until(() => server.queries.length === 2, "both queries have arrived");
    controller.abort();
    assert.equal(await lookup, "interrupted");
    assert.deepEqual(await resolve("good.test", FOREVER), ["192.0.2.1"]);
  });

  test("can be an internationalized name in its ASCII form", async (t) => {
    const name = new URL("https://bücher.test/").hostname;
    const server = await serveNames(t, { "xn--bcher-kva.test": ["192.0.2.7"] });
    assert.deepEqual(await resolverOf(server).resolve(name, FOREVER), ["192.0.2.7"]);
  });
});

suite("a name in the hosts file", () => {
  test("is not queried, and changes with the file", async (t) => {
    const server = await serveNames(t, {});
    const hostsPath = writeFile(t, "192.0.2.1 here.test\n");
    const { resolve } = resolverOf(server, { hostsPath });
    assert.deepEqual(await resolve("here.test", FOREVER), ["192.0.2.1"]);
    writeFileSync(hostsPath, "# moved\n192.0.2.2\tHere.test. alias.test # comment\n2001:db8::2 alias.test\n");
    assert.deepEqual(await resolve("here.test", FOREVER), ["192.0.2.2"]);
    assert.deepEqual(await resolve("alias.test", FOREVER), ["192.0.2.2", "2001:db8::2"]);
    assert.deepEqual(server.queries, []);
    writeFileSync(hostsPath, "");
    assert.equal(await resultOf(resolve("here.test", FOREVER)), "dns_not_found");
  });
});

suite("a search domain", () => {
  test("completes a name that does not exist as written, and changes with the file", async (t) => {
    const server = await serveNames(t, {
      "n8n.default.svc.cluster.local": ["10.0.0.8"],
      "n8n.other.svc.cluster.local": ["10.0.0.9"],
    });
    const resolvConfPath = writeFile(t, "search default.svc.cluster.local svc.cluster.local\n");
    const { resolve } = resolverOf(server, { resolvConfPath });
    assert.deepEqual(await resolve("n8n", FOREVER), ["10.0.0.8"]);
    assert.deepEqual(await resolve("n8n.default", FOREVER), ["10.0.0.8"]);
    writeFileSync(resolvConfPath, "search other.svc.cluster.local\nnameserver 192.0.2.53\n");
    assert.deepEqual(await resolve("n8n", FOREVER), ["10.0.0.9"]);
  });

  test("is not tried for a name that exists, fails or gets no response", async (t) => {
    const server = await serveNames(t, {
      "real.test": ["192.0.2.1"],
      "real.test.corp": ["10.0.0.1"],
      "failing.test": "server failure",
      "failing.test.corp": ["10.0.0.1"],
    });
    const { resolve } = resolverOf(server, { resolvConfPath: writeFile(t, "search corp\n") });
    assert.deepEqual(await resolve("real.test", FOREVER), ["192.0.2.1"]);
    assert.equal(await resultOf(resolve("failing.test", FOREVER)), "dns_failed");
    assert.ok(!server.queries.some((query) => query.endsWith(".corp")));
  });
});

suite("a name that DNS denies", () => {
  test("is looked up by the system, unlike any other name", async (t) => {
    const server = await serveNames(t, {
      "real.test": ["192.0.2.1"],
      "failing.test": "server failure",
      "silent.test": "silence",
    });
    const asked: string[] = [];
    const system = new SystemLookup({
      ask: async (name) => {
        asked.push(name);
        return name === "nas.local" ? ["192.168.1.2"] : [];
      },
    });
    const { resolve } = resolverOf(server, { system });
    const controller = new AbortController();
    const silent = resultOf(resolve("silent.test", controller.signal));
    assert.deepEqual(await resolve("nas.local", FOREVER), ["192.168.1.2"]);
    assert.deepEqual(await resolve("real.test", FOREVER), ["192.0.2.1"]);
    assert.equal(await resultOf(resolve("failing.test", FOREVER)), "dns_failed");
    assert.equal(await resultOf(resolve("unknown.test", FOREVER)), "dns_not_found");
    controller.abort();
    await silent;
    assert.deepEqual(asked, ["nas.local", "unknown.test"]);
  });
});
