import assert from "node:assert/strict";
import http from "node:http";
import { suite, type TestContext, test } from "node:test";
import { listen } from "../../test/support/listen.ts";
import { openEgress } from "../../test/support/open-egress.ts";
import { resolverOf, serveNames } from "../../test/support/serve-names.ts";
import { until } from "../../test/support/until.ts";
import { faultOf } from "../domain/fault-of.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Egress } from "./egress.ts";

const PER_NAME = 5;

/** A receiver with working names, and any number of names whose name server does not respond. */
async function start(t: TestContext, silentNames: number, connectTimeoutMs: number) {
  const { port } = await listen(
    t,
    http.createServer((_incoming, response) => response.end()),
  );
  const silent = Array.from({ length: silentNames }, (_, n) => `silent${n}.test`);
  const server = await serveNames(t, {
    ...Object.fromEntries(silent.map((name) => [name, "silence" as const])),
    "good.test": ["127.0.0.1"],
    "other.test": ["127.0.0.1"],
    "third.test": ["127.0.0.1"],
  });
  const egress = openEgress(t, { resolve: resolverOf(server).resolve, connectTimeoutMs });
  const settled: Outcome[] = [];
  const flood = (workspaceId: string) =>
    silent.flatMap((name) =>
      Array.from({ length: PER_NAME }, async () => {
        settled.push(await post(egress, port, name, workspaceId));
      }),
    );
  return { port, server, egress, settled, flood };
}

function post(egress: Egress, port: number, host: string, workspaceId: string, isInteractive = false) {
  const url = new URL(`http://${host}:${port}/`);
  return egress.send({ url, headers: {}, body: "{}", requester: { workspaceId, isInteractive } });
}

function codeOf(outcome: Outcome): string | number {
  return outcome.kind === "failure" ? outcome.failure.code : outcome.response.status;
}

suite("names whose name server does not respond", () => {
  test("block neither other names of their workspace nor those of another", async (t) => {
    const { port, server, egress, settled, flood } = await start(t, 24, 4_000);
    const pending = flood("a");
    await until(() => server.queries.length >= 48, "every silent name is being asked for");
    assert.equal(codeOf(await post(egress, port, "good.test", "b")), 200);
    assert.equal(codeOf(await post(egress, port, "other.test", "a")), 200);
    assert.deepEqual(settled, [], "all of the silent ones still wait");
    await Promise.all(pending);
    assert.deepEqual(new Set(settled.map(codeOf)), new Set(["dns_timeout"]));
  });

  test("do not keep people from saving a URL or sending a test, even in their workspace", async (t) => {
    const { port, egress, settled, flood } = await start(t, 100, 4_000);
    const pending = flood("a");
    for (const workspaceId of ["a", "b"]) {
      // Over plain http, a name is accepted only if it was really looked up.
      assert.equal((await egress.checkUrl(`http://good.test:${port}/`, workspaceId)).allowed, true);
      assert.equal(codeOf(await post(egress, port, "other.test", workspaceId, true)), 200);
    }
    assert.equal(codeOf(await post(egress, port, "third.test", "b")), 200);
    assert.deepEqual(settled, [], "all of the silent ones still wait");
    await egress.close();
    await Promise.all(pending);
  });

  test("do not keep other workspaces from saving when one workspace saves them", async (t) => {
    const { port, server, egress } = await start(t, 30, 4_000);
    let saved = 0;
    for (let n = 0; n < 30; n += 1) {
      void egress.checkUrl(`http://silent${n}.test:${port}/`, "a").then(() => {
        saved += 1;
      });
    }
    await until(() => server.queries.length > 0, "the silent names are being asked for");
    assert.equal((await egress.checkUrl(`http://good.test:${port}/`, "b")).allowed, true);
    assert.equal(saved, 0);
  });

  test("delay a workspace that has too many of them, which is not the receiver's fault", async (t) => {
    const { port, settled, flood, egress } = await start(t, 100, 1_000);
    const pending = flood("a");
    const late = await post(egress, port, "good.test", "a");
    assert.deepEqual(late.kind === "failure" && late.failure, { code: "dns_busy", stage: "dns" });
    assert.equal(faultOf(late), "ours");
    await Promise.all(pending);
    assert.deepEqual(new Set(settled.map(codeOf)), new Set(["dns_timeout", "dns_busy"]));
    assert.ok(settled.filter((outcome) => codeOf(outcome) === "dns_timeout").length <= 64 * PER_NAME);
  });

  test("are given up with the requests that needed them", async (t) => {
    const { server, egress, settled, flood } = await start(t, 3, 4_000);
    const pending = flood("a");
    await until(() => server.queries.length >= 6, "every silent name is being asked for");
    await egress.close();
    await Promise.all(pending);
    assert.deepEqual(new Set(settled.map(codeOf)), new Set(["interrupted"]));
  });
});
