import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { checkIdleConnections, checkLongStream, checkProxy, checkSlowReceiver } from "./check-proxy.ts";
import { startTraefik, TRAEFIK } from "./proxies.ts";

/**
 * Tests the files in `deploy/traefik` with Traefik, which is not in Debian: with `traefik`, or the program that
 * TRAEFIK_PATH names.
 *
 *   TRAEFIK_PATH=/opt/traefik npm run test:traefik
 */
if (spawnSync(TRAEFIK, ["version"]).status !== 0) {
  throw new Error(
    "Install Traefik (https://github.com/traefik/traefik/releases), or set TRAEFIK_PATH to the program.",
  );
}
const folder = mkdtempSync(join(tmpdir(), "opensend-traefik-"));
after(() => rmSync(folder, { recursive: true, force: true }));

describe("Traefik, as its files are written", { concurrency: true }, () => {
  test("passes on pages, large batches and streams", () => checkProxy(startTraefik, folder));
  test("waits for the slowest receiver", () => checkSlowReceiver(startTraefik, folder));
  test("does not cut a stream", () => checkLongStream(startTraefik, folder));
  test("closes idle connections first", () => checkIdleConnections(startTraefik, folder));
});
