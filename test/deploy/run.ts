import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { promisify } from "node:util";
import { TIMEOUT_SECONDS_MAX } from "../../src/domain/connection.ts";
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
 * Tests the files in `deploy/` with the programs they are for. Needs Prometheus with promtool (Debian: prometheus),
 * nginx, Caddy, systemd-analyze and openssl.
 *
 *   npm run test:deploy
 *   npm run test:deploy -- --slow   also runs the tests that take a minute or more
 */
const DEPLOY = join(import.meta.dirname, "..", "..", "deploy");
const RULES = join(DEPLOY, "prometheus", "opensend.rules.yml");
const BOARD = join(DEPLOY, "grafana", "opensend.json");
const METRICS_TOKEN = "monitoring-0123456789-0123456789";
const METRIC = /\b(?:opensend|nodejs|process)_[a-z0-9_]+/g;
const run = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), "opensend-deploy-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("each alert fires when it should, without any other", async () => {
  await run("promtool", ["check", "rules", RULES]);
  await run("promtool", ["test", "rules", join(import.meta.dirname, "opensend.rules.test.yml")]);
});

test("every query of the board and the rules finds series of a server with traffic", async () => {
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
    // A counter that grew before the first scrape has no rate.
    await until(async () => (await prometheus.query(DELIVERED)).length > 0, "a delivery was scraped");
    await sendEvents(instance, receiver);
    const withoutData = async () => {
      const found = await Promise.all(queries.map((query) => prometheus.query(query)));
      return queries.filter((query, n) => found[n]?.length === 0 && !RARE.test(query));
    };
    await until(async () => (await withoutData()).length === 0).catch(async () => {
      assert.deepEqual(await withoutData(), []);
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

/** This series exists only after the guard has refused an attempt. */
const RARE = /opensend_egress_refusals_total/;
const DELIVERED = "opensend_deliveries_delivered_total > 0";

type Board = { readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[] };

/** Fills in variables as Grafana does. */
function toQuery(expression: string): string {
  return expression.replaceAll("$job", "opensend").replaceAll("$__rate_interval", "1m");
}

/** Sends an event that is delivered, and one that fails and is given up immediately. */
async function sendEvents(instance: TestInstance, receiver: TestReceiver): Promise<void> {
  for (const [path, type] of [
    ["/ok", "a.ok"],
    ["/fails", "a.fails"],
  ] as const) {
    receiver.respond = (response, { path }) => response.writeHead(path === "/ok" ? 200 : 500).end();
    const created = await instance.api.post("/api/integrations/webhook", {
      name: path,
      webhook_url: `${receiver.url}${path}`,
      event_types: [type],
    });
    assert.equal(created.status, 201, created.text);
    assert.equal((await instance.api.post("/api/events", { type, data: {} })).status, 202);
  }
}

async function readMetrics(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  assert.equal(response.status, 200);
  return response.text();
}

/** A rule on a metric that does not exist would never fire. */
function checkNames(metrics: string): void {
  const served = new Set([...metrics.matchAll(/^# HELP (\S+)/gm)].map(([, name]) => name ?? ""));
  const expressions = [...readFileSync(RULES, "utf8").matchAll(/expr: (.*)/g)].map(([, expr]) => expr ?? "");
  const names = expressions.flatMap((query) => query.match(METRIC) ?? []);
  assert.ok(names.length > 5);
  assert.deepEqual(
    names.filter((name) => !served.has(name)),
    [],
  );
}

/** Checks the metrics with promtool, which must not even print a hint about our own metrics. */
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

test("a proxy waits longer than the longest test of a connection", () => {
  const nginx = readFileSync(join(DEPLOY, "nginx", "opensend.conf"), "utf8");
  const helm = readFileSync(join(DEPLOY, "helm", "opensend", "values.yaml"), "utf8");
  for (const [text, pattern] of [
    [nginx, /proxy_read_timeout (\d+)s;/],
    [helm, /nginx\.ingress\.kubernetes\.io\/proxy-read-timeout: "(\d+)"/],
  ] as const) {
    const seconds = Number(pattern.exec(text)?.[1] ?? 60);
    assert.ok(seconds >= TIMEOUT_SECONDS_MAX + 15, `${pattern}: ${seconds}`);
  }
});

test("systemd accepts the unit without warnings", { skip: needs("systemd-analyze") }, async () => {
  const unit = readFileSync(join(DEPLOY, "systemd", "opensend.service"), "utf8");
  const file = join(folder, "opensend.service");
  // The program is not installed at the path in the unit.
  writeFileSync(file, unit.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`));
  const { stdout, stderr } = await run("systemd-analyze", ["verify", "--man=no", file]);
  assert.equal(stdout + stderr, "");
});

const PROXIES = [
  ["nginx", startNginx],
  ["Caddy", startCaddy],
] as const;

for (const [name, startProxy] of PROXIES) {
  test(`${name} forwards pages, large batches and streams with its unchanged file`, () => {
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
