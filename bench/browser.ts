import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { launchBrowser, openPage } from "../test/support/browser.ts";
import { makePostgres, makeSqlite } from "../test/support/databases.ts";
import { followRequests } from "../test/support/quiet.ts";
import { seed, signInSeededOwner } from "../test/support/seeded.ts";
import { startServer } from "../test/support/server.ts";
import { startPostgres } from "../test/support/start-postgres.ts";
import { quantile } from "./rig/median.ts";
import { formatTable, type Row } from "./rig/table.ts";

/**
 * How long people wait for the pages of a seeded instance in Chromium: first and largest paint, when the page stops
 * changing, and how long it takes to filter, sort and open. All in milliseconds, as measured by the browser.
 *
 *   npm run bench:browser -- [--connections 1000] [--deliveries 1000000] [--rounds 7] [--database sqlite|postgres]
 */
const { values } = parseArgs({
  options: {
    connections: { type: "string", default: "1000" },
    deliveries: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "7" },
    database: { type: "string", default: "sqlite" },
  },
});

type Interaction = { readonly name: string; readonly act: (page: Page) => Promise<unknown> };
type BenchPage = {
  readonly name: string;
  readonly path: string;
  readonly interactions: readonly Interaction[];
};

const choose = (label: string, option: string) => (page: Page) =>
  page.getByLabel(label, { exact: true }).selectOption(option);
const openFirst = (page: Page) => page.locator("main a[data-row], main [data-row] a").first().click();

/** Measured sequentially in the same tab. */
const PAGES: readonly BenchPage[] = [
  {
    name: "overview",
    path: "/",
    interactions: [
      { name: "range: 7 days", act: (page) => page.getByRole("link", { name: "7 d", exact: true }).click() },
    ],
  },
  {
    name: "connections",
    path: "/integrations/webhook",
    interactions: [
      { name: "filter: failing", act: choose("Status", "failing") },
      { name: "sort: volume", act: choose("Sort by", "volume") },
      { name: "open", act: openFirst },
    ],
  },
  {
    name: "deliveries",
    path: "/deliveries",
    interactions: [
      { name: "filter: failed", act: choose("Status", "failed") },
      { name: "sort: slowest", act: choose("Order", "-duration_ms") },
      { name: "open", act: openFirst },
    ],
  },
  {
    name: "events",
    path: "/events",
    interactions: [
      { name: "filter: last hour", act: choose("Time", "1h") },
      { name: "open", act: openFirst },
    ],
  },
  {
    name: "issues",
    path: "/issues",
    interactions: [
      {
        name: "open",
        act: (page) =>
          page
            .getByRole("link", { name: /^Open: / })
            .first()
            .click(),
      },
    ],
  },
];

/** A string, because this file is type-checked without the DOM's types. */
const WATCH = `
  globalThis.bench = { lcp: 0, slowest: 0, changedAt: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) bench.lcp = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.interactionId > 0) bench.slowest = Math.max(bench.slowest, entry.duration);
    }
  }).observe({ type: "event", buffered: true, durationThreshold: 16 });
  new MutationObserver(() => { bench.changedAt = performance.now(); })
    .observe(document, { childList: true, subtree: true, characterData: true, attributes: true });
`;
const FIRST_PAINT = `performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null`;

type Times = Map<string, number[]>;

const times: Times = new Map();
const record = (what: string, ms: number | null) => {
  if (ms !== null) times.set(what, [...(times.get(what) ?? []), ms]);
};

const postgres = values.database === "postgres" ? await startPostgres() : null;
if (postgres !== null) process.env["OPENSEND_TEST_POSTGRES_URL"] = postgres.url;
const database = await (postgres === null ? makeSqlite : makePostgres)();
try {
  await seed(database.environment, {
    connections: Number(values.connections),
    deliveries: Number(values.deliveries),
    days: 30,
  });
  const environment = { ...database.environment, OPENSEND_RATE_LIMIT_PER_MINUTE: "0" };
  const [browser, server] = await Promise.all([
    launchBrowser(),
    startServer(environment, { dataDir: database.dataDir }),
  ]);
  const { cookie } = await signInSeededOwner(server);
  const watched = await openPage(browser, { url: server.url, cookie });
  await watched.context.addInitScript({ content: WATCH });
  await watched.page.setViewportSize({ width: 1440, height: 900 });
  // The first round downloads the files and is not counted.
  for (let round = 0; round <= Number(values.rounds); round++) {
    for (const page of PAGES) await measure(await watched.anotherPage(), page);
    if (round === 0) times.clear();
  }
  await Promise.all([browser.close(), server.stop()]);
} finally {
  await database.remove();
  postgres?.stop();
}
const title = `${values.database}: ${values.connections} connections, ${values.deliveries} deliveries, in Chromium`;
process.stdout.write(`${formatTable({ title, rows: [...times].map(toRow) })}\n`);
process.exit();

async function measure(page: Page, { name, path, interactions }: BenchPage): Promise<void> {
  const quiet = followRequests(page);
  await page.goto(path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await quiet();
  record(`${name}: first paint`, await page.evaluate<number | null>(FIRST_PAINT));
  record(`${name}: largest paint`, await page.evaluate<number>("bench.lcp"));
  record(`${name}: is still`, await page.evaluate<number>("bench.changedAt"));
  for (const { name: what, act } of interactions) {
    const startedAt = await page.evaluate<number>("bench.slowest = 0, performance.now()");
    await act(page);
    await quiet();
    // Null for a selection without a key press or click, because the browser does not time those.
    record(`${name}, ${what}: next paint`, await page.evaluate<number | null>("bench.slowest || null"));
    record(`${name}, ${what}: done`, (await page.evaluate<number>("bench.changedAt")) - startedAt);
  }
}

function toRow([what, ms]: [string, number[]]): Row {
  return { "p50 ms": quantile(ms, 0.5), "p95 ms": quantile(ms, 0.95), what };
}
