import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { promisify } from "node:util";
import { makeSqlite } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { needs } from "../support/needs.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { freePort } from "../support/server.ts";
import { until } from "../support/until.ts";
import { checkIdleConnections, checkLongStream, checkProxy, checkSlowReceiver } from "./check-proxy.ts";
import { startPrometheus } from "./prometheus.ts";
import { startCaddy, startNginx } from "./proxies.ts";

/**
 * Tries the files in `deploy/` with the programs they are for. Needs Prometheus with
 * promtool (Debian: prometheus), nginx, Caddy, systemd-analyze and openssl.
 *
 *   npm run test:deploy
 *   npm run test:deploy -- --slow   also what takes a minute
 */
const DEPLOY = join(import.meta.dirname, "..", "..", "deploy");
const RULES = join(DEPLOY, "prometheus", "opensend.rules.yml");
const BOARD = join(DEPLOY, "grafana", "opensend.json");
const METRICS_TOKEN = "monitoring-0123456789-0123456789";
const METRIC = /\b(?:opensend|nodejs|process)_[a-z0-9_]+/g;
const run = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), "opensend-deploy-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("each alert fires when it should, and no other", async () => {
  await run("promtool", ["check", "rules", RULES]);
  await run("promtool", ["test", "rules", join(import.meta.dirname, "opensend.rules.test.yml")]);
});

test("every query of board and rules finds what a server with traffic serves", async () => {
  const receiver = await startTestReceiver();
  const instance = await startInstance(makeSqlite, { OPENSEND_METRICS_TOKEN: METRICS_TOKEN });
  const { host } = new URL(instance.server.url);
  const prometheus = await startPrometheus({
    folder: join(folder, "prometheus"),
    port: await freePort(),
    rulesFile: RULES,
    target: host,
    token: METRICS_TOKEN,
  });
  try {
    await checkMetrics(await readMetrics(instance.server.url));
    const board = JSON.parse(readFileSync(BOARD, "utf8")) as Board;
    const queries = board.panels.flatMap(({ targets }) => targets.map(({ expr }) => toQuery(expr)));
    assert.ok(queries.length > 20);
    await sendEvents(instance, receiver);
    // What is counted before the first scrape has no rate.
    await until(async () => (await prometheus.query(DELIVERED)).length > 0, "a delivery was scraped");
    await sendEvents(instance, receiver);
    const unanswered = async () => {
      const found = await Promise.all(queries.map((query) => prometheus.query(query)));
      return queries.filter((query, n) => found[n]?.length === 0 && !RARE.test(query));
    };
    await until(async () => (await unanswered()).length === 0).catch(async () => {
      assert.deepEqual(await unanswered(), []);
    });
    await until(async () => (await prometheus.rules()).every(({ health }) => health !== "unknown"));
    const rules = await prometheus.rules();
    assert.ok(rules.length > 5);
    assert.deepEqual(
      rules.filter(({ health }) => health !== "ok"),
      [],
    );
    checkNames(await readMetrics(instance.server.url));
  } finally {
    await prometheus.stop();
    await instance.remove();
    await receiver.close();
  }
});

/** Without an attempt that the guard refused there is no such series. */
const RARE = /opensend_egress_refusals_total/;
const DELIVERED = "opensend_deliveries_delivered_total > 0";

type Board = { readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[] };

/** As Grafana fills its variables in. */
function toQuery(expression: string): string {
  return expression.replaceAll("$job", "opensend").replaceAll("$__rate_interval", "1m");
}

/** One that is delivered, and one that fails, given up at once. */
async function sendEvents(instance: TestInstance, receiver: TestReceiver): Promise<void> {
  for (const [path, type] of [
    ["/ok", "a.ok"],
    ["/fails", "a.fails"],
  ] as const) {
    receiver.answer = (response, { path }) => response.writeHead(path === "/ok" ? 200 : 500).end();
    const made = await instance.api.post("/api/integrations/webhook", {
      name: path,
      webhook_url: `${receiver.url}${path}`,
      event_types: [type],
    });
    assert.equal(made.status, 201, made.text);
    assert.equal((await instance.api.post("/api/events", { type, data: {} })).status, 202);
  }
}

async function readMetrics(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  assert.equal(response.status, 200);
  return response.text();
}

/** A rule over a metric that is not served would never fire. */
function checkNames(metrics: string): void {
  const served = new Set([...metrics.matchAll(/^# HELP (\S+)/gm)].map(([, name]) => name ?? ""));
  const expressions = [...readFileSync(RULES, "utf8").matchAll(/expr: (.*)/g)].map(([, expr]) => expr ?? "");
  const asked = expressions.flatMap((query) => query.match(METRIC) ?? []);
  assert.ok(asked.length > 5);
  assert.deepEqual(
    asked.filter((name) => !served.has(name)),
    [],
  );
}

/** What promtool says of the scrape: not even a hint is wanted of metrics of our own. */
async function checkMetrics(metrics: string): Promise<void> {
  const child = spawn("promtool", ["check", "metrics"]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  child.stdin.end(metrics);
  await new Promise((resolve) => child.once("close", resolve));
  assert.deepEqual(
    output.split("\n").filter((line) => line.startsWith("opensend_")),
    [],
  );
}

test("systemd takes the unit without a complaint", { skip: needs("systemd-analyze") }, async () => {
  const unit = readFileSync(join(DEPLOY, "systemd", "opensend.service"), "utf8");
  const file = join(folder, "opensend.service");
  // The program is not installed where the unit expects it.
  writeFileSync(file, unit.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`));
  const { stdout, stderr } = await run("systemd-analyze", ["verify", "--man=no", file]);
  assert.equal(stdout + stderr, "");
});

const PROXIES = [
  ["nginx", startNginx],
  ["Caddy", startCaddy],
] as const;

for (const [name, startProxy] of PROXIES) {
  test(`${name} passes on pages, large batches and streams, as its file is written`, () => {
    return checkProxy(startProxy, folder);
  });
}

describe("with time", { skip: !process.argv.includes("--slow"), concurrency: true }, () => {
  for (const [name, startProxy] of PROXIES) {
    test(`${name} waits for the slowest receiver`, () => checkSlowReceiver(startProxy, folder));
    test(`${name} does not cut a stream`, () => checkLongStream(startProxy, folder));
    test(`${name} closes idle connections first`, () => checkIdleConnections(startProxy, folder));
  }
});
