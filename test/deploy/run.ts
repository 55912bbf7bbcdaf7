import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { Agent, request } from "undici";
import { makeSqlite } from "../support/databases.ts";
import { startInstance } from "../support/instance.ts";
import { freePort, startServer } from "../support/server.ts";

/**
 * Tries the files in `deploy/` with the programs they are for. Needs promtool (Debian: prometheus), nginx and openssl.
 *
 *   npm run test:deploy
 */
const DEPLOY = join(import.meta.dirname, "..", "..", "deploy");
const RULES = join(DEPLOY, "prometheus", "opensend.rules.yml");
const BOARD = join(DEPLOY, "grafana", "opensend.json");
const METRICS_TOKEN = "monitoring-0123456789-0123456789";
const METRIC = /\b(?:opensend|nodejs|process)_[a-z0-9_]+/g;
const run = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), "opensend-deploy-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("Prometheus takes the rules, and every metric in rules and dashboard is served", async () => {
  await run("promtool", ["check", "rules", RULES]);
  const instance = await startInstance(makeSqlite, { OPENSEND_METRICS_TOKEN: METRICS_TOKEN });
  try {
    const response = await fetch(`${instance.server.url}/metrics`, {
      headers: { authorization: `Bearer ${METRICS_TOKEN}` },
    });
    const metrics = await response.text();
    await checkMetrics(metrics);
    const served = new Set([...metrics.matchAll(/^# HELP (\S+)/gm)].map(([, name]) => name ?? ""));
    const board = JSON.parse(readFileSync(BOARD, "utf8")) as {
      readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
    };
    const queries = [
      ...board.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
      ...[...readFileSync(RULES, "utf8").matchAll(/expr: (.*)/g)].map(([, expr]) => expr ?? ""),
    ];
    const asked = queries.flatMap((query) => query.match(METRIC) ?? []);
    assert.ok(asked.length > 20);
    assert.deepEqual(
      asked.filter((name) => !served.has(name.replace(/_bucket$/, "")) && !served.has(name)),
      [],
    );
  } finally {
    await instance.remove();
  }
});

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

test("nginx passes on pages, large batches and streams, as its file is written", async () => {
  const [http, https, port] = await Promise.all([freePort(), freePort(), freePort()]);
  const instance = await startInstance(makeSqlite);
  await instance.server.stop();
  const behindProxy = {
    PORT: String(port),
    OPENSEND_PUBLIC_URL: `https://opensend.example.com:${https}`,
    OPENSEND_TRUSTED_PROXIES: "127.0.0.1",
  };
  const { dataDir } = instance.database;
  const server = await startServer({ ...instance.environment, ...behindProxy }, { dataDir });
  const stop = await startNginx({ http, https, port });
  // The certificate is this test's own.
  const agent = new Agent({ connect: { rejectUnauthorized: false, servername: "opensend.example.com" } });
  const call = (path: string, headers: Record<string, string>, body?: string) =>
    request(`https://127.0.0.1:${https}${path}`, {
      dispatcher: agent,
      method: body === undefined ? "GET" : "POST",
      headers: {
        host: `opensend.example.com:${https}`,
        authorization: `Bearer ${instance.key}`,
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
  try {
    const page = await call("/", { accept: "text/html" });
    assert.equal(page.statusCode, 200);
    assert.match(String(page.headers["strict-transport-security"]), /max-age/, "it knows of HTTPS");
    await page.body.dump();
    const events = Array.from({ length: 20 }, (_, n) => ({
      type: "a.b",
      data: { n, text: "x".repeat(150_000) },
    }));
    const json = { "content-type": "application/json" };
    const sent = await call("/api/events/batch", json, JSON.stringify(events));
    assert.equal(sent.statusCode, 202, await sent.body.text());
    const stream = await call("/api/stream", { accept: "text/event-stream" });
    const [beginning] = (await stream.body.take(1).toArray()) as Buffer[];
    assert.match(String(beginning), /^retry: /);
    const plain = await fetch(`http://127.0.0.1:${http}/`, {
      redirect: "manual",
      headers: { host: "opensend.example.com" },
    });
    assert.equal(plain.status, 301);
  } finally {
    await agent.destroy();
    await stop();
    await server.stop();
    await instance.remove();
  }
});

type Ports = { readonly http: number; readonly https: number; readonly port: number };

/** Runs nginx with the file, but for its ports and the place of its certificate. */
async function startNginx({ http, https, port }: Ports): Promise<() => Promise<void>> {
  const ssl = join(folder, "ssl");
  mkdirSync(ssl);
  const pair = ["-keyout", join(ssl, "privkey.pem"), "-out", join(ssl, "fullchain.pem")];
  const subject = ["-subj", "/CN=opensend.example.com", "-days", "2"];
  await run("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...pair, ...subject]);
  const site = readFileSync(join(DEPLOY, "nginx", "opensend.conf"), "utf8")
    .replace("listen 80;", `listen 127.0.0.1:${http};`)
    .replace("listen 443 ssl;", `listen 127.0.0.1:${https} ssl;`)
    .replaceAll("/etc/ssl/opensend/", `${ssl}/`)
    .replace("127.0.0.1:3015", `127.0.0.1:${port}`);
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${join(folder, name)};`)
    .join(" ");
  // Started by root, its workers would be another user's, who may not enter the folder.
  const user = process.getuid?.() === 0 ? "user root;" : "";
  const file = join(folder, "nginx.conf");
  writeFileSync(
    file,
    `${user} daemon off; pid ${join(folder, "nginx.pid")}; error_log stderr;\nevents {}\nhttp { access_log off; ${places}\n${site}}\n`,
  );
  const nginx = spawn("nginx", ["-c", file, "-e", "stderr"], { stdio: "inherit" });
  const ended = new Promise((resolve) => nginx.once("exit", resolve));
  const deadline = Date.now() + 10_000;
  while (!(await fetch(`http://127.0.0.1:${http}/`, { redirect: "manual" }).catch(() => null))) {
    if (nginx.exitCode !== null || Date.now() > deadline) throw new Error("nginx did not start.");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return async () => {
    nginx.kill("SIGTERM");
    await ended;
  };
}
