import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { startOwnedServer } from "../support/dashboard.ts";
import { followRequests } from "../support/quiet.ts";
import type { RunningServer } from "../support/server.ts";

const KB = 1024;
const FIRST_LOAD_JS_WARN = 160 * KB;
const FIRST_LOAD_JS_MAX = 170 * KB;
/** Includes the charts. */
const OVERVIEW_JS_MAX = 185 * KB;
const LAZY_ROUTE_JS_MAX = 35 * KB;
const CSS_MAX = 15 * KB;

const NOWHERE = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11";
const FURTHER_ROUTES = [
  "/issues",
  `/issues/${NOWHERE}`,
  "/integrations/webhook",
  "/integrations/inspector",
  `/integrations/connections/${NOWHERE}`,
  `/integrations/connections/${NOWHERE}/settings`,
  `/integrations/connections/${NOWHERE}/verify`,
  "/api-keys",
  "/deliveries",
  `/deliveries/${NOWHERE}`,
  `/deliveries/replays/${NOWHERE}`,
  "/events",
  `/events/${NOWHERE}`,
  "/audit-log",
  "/members",
  "/invite",
  "/settings",
  "/settings/account",
  "/settings/system",
];

const ASSETS = join(import.meta.dirname, "..", "..", "dashboard", "dist", "assets");
const gzipBytes = (name: string) => gzipSync(readFileSync(join(ASSETS, name))).length;

describe("the dashboard's size, gzipped", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned] = await Promise.all([launchBrowser(), startOwnedServer()]);
    ({ server, owner } = owned);
  });
  after(() => Promise.all([browser.close(), server.stop()]));

  /** Names of the scripts that a browser fetches while visiting these paths. */
  const scriptsFor = async (cookie: string | null, ...paths: string[]) => {
    const { page, close } = await openPage(browser, { url: server.url, cookie });
    const quiet = followRequests(page);
    const names = new Set<string>();
    page.on("response", (response) => {
      const name = /\/assets\/([^/]+\.js)$/.exec(response.url())?.[1];
      if (name !== undefined) names.add(name);
    });
    for (const path of paths) {
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      // Parts fetched as the page opens, such as the first connect form, belong to the first load.
      await quiet();
    }
    await close();
    return names;
  };

  for (const [path, isSignedIn] of [
    ["/sign-in", false],
    ["/", true],
    ["/integrations", true],
    ["/integrations/webhook", true],
    ["/api-keys", true],
    ["/deliveries", true],
    ["/events", true],
  ] as const) {
    test(`first load of ${path}`, async (t) => {
      const scripts = [...(await scriptsFor(isSignedIn ? owner.cookie : null, path))];
      const bytes = scripts.map(gzipBytes).reduce((sum, size) => sum + size, 0);
      t.diagnostic(`${(bytes / KB).toFixed(1)} kB JS in ${scripts.length} files`);
      if (bytes > FIRST_LOAD_JS_WARN) t.diagnostic(`over the ${FIRST_LOAD_JS_WARN / KB} kB aimed for`);
      assert.ok(scripts.length > 0);
      assert.ok(bytes <= (path === "/" ? OVERVIEW_JS_MAX : FIRST_LOAD_JS_MAX));
    });
  }

  test("scripts added by a further route", async (t) => {
    const first = await scriptsFor(owner.cookie, "/integrations");
    for (const path of FURTHER_ROUTES) {
      const added = [...(await scriptsFor(owner.cookie, path))].filter((name) => !first.has(name));
      const bytes = added.map(gzipBytes).reduce((sum, size) => sum + size, 0);
      t.diagnostic(`${path}: ${(bytes / KB).toFixed(1)} kB`);
      assert.ok(bytes <= LAZY_ROUTE_JS_MAX, path);
    }
  });

  test("style sheets and fonts", (t) => {
    const files = readdirSync(ASSETS);
    const css = files.filter((name) => name.endsWith(".css")).map(gzipBytes);
    const bytes = css.reduce((sum, size) => sum + size, 0);
    t.diagnostic(`${(bytes / KB).toFixed(1)} kB CSS`);
    assert.ok(bytes > 0 && bytes <= CSS_MAX);
    assert.deepEqual(
      files.filter((name) => /\.(ttf|woff|map)$/.test(name)),
      [],
    );
    assert.equal(files.filter((name) => name.endsWith(".woff2")).length, 2, "the two latin fonts");
  });
});
