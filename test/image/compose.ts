import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { copyCheckout } from "../package/copy-checkout.ts";
import { ApiClient, OWNER, setUpOwner } from "../support/api-client.ts";
import { freePort } from "../support/server.ts";
import { until } from "../support/until.ts";
import { BASE_IMAGE, Buildah, IMAGE } from "./buildah.ts";
import { makeBaseImage } from "./make-base-image.ts";
import { isInside, Podman } from "./podman.ts";

/**
 * Starts the unchanged `compose.yaml`, except for its port on this machine, with podman-compose and the image of the
 * Dockerfile. Needs root, `apt-get install buildah debootstrap podman crun netavark iptables python3-venv`, Debian's mirror,
 * the npm registry and PyPI.
 *
 *   npm run test:compose
 */
const PROJECT_DIR = join(import.meta.dirname, "..", "..");
const CONTAINER = "opensend-compose_opensend_1";
const MINUTE_MS = 60_000;
const START_WITHIN_MS = 30_000;

if (isInside(import.meta.filename)) {
  describe("compose.yaml", { timeout: 30 * MINUTE_MS }, testCompose);
}

function testCompose(): void {
  const folder = mkdtempSync(join(tmpdir(), "opensend-compose-"));
  const buildah = new Buildah(folder);
  const file = join(folder, "opensend-compose", "compose.yaml");
  let podman: Podman;
  let url = "";

  before(async () => {
    await makeBaseImage(buildah, BASE_IMAGE, "bookworm");
    await buildah.build(copyCheckout(join(folder, "checkout")), IMAGE);
    podman = await Podman.install(folder);
    const port = await freePort();
    url = `http://localhost:${port}`;
    const written = readFileSync(join(PROJECT_DIR, "compose.yaml"), "utf8");
    const own = written.replace('"127.0.0.1:3015:3015"', `"127.0.0.1:${port}:3015"`);
    assert.notEqual(own, written);
    mkdirSync(join(folder, "opensend-compose"));
    writeFileSync(file, own);
  });
  after(async () => {
    if (url !== "") await compose("down", "--volumes");
    await buildah.call("rm", "--all");
    await buildah.call("rmi", "--all", "--force");
    rmSync(folder, { recursive: true, force: true });
  });

  const compose = (...args: string[]) => podman.compose(file, { OPENSEND_PUBLIC_URL: url }, ...args);
  const printed = async (pattern: RegExp) => {
    let found: RegExpExecArray | null = null;
    const look = async () => {
      found = pattern.exec(await podman.logs(CONTAINER));
      return found !== null;
    };
    await until(look, `${pattern} is printed`, START_WITHIN_MS);
    return (found as RegExpExecArray | null)?.[1] ?? "";
  };

  it("starts, prints the setup link, and delivers a test event to the inspector", async (t) => {
    const startedAt = Date.now();
    await compose("up", "--detach", "--no-build");
    const upAt = Date.now();
    const setupUrl = await printed(/Create the owner's account: (\S+)/);
    assert.ok(setupUrl.startsWith(`${url}/setup?token=`));
    const owner = await setUpOwner({ url, setupUrl });
    const connected = await owner.post("/api/integrations/inspector");
    assert.equal(connected.status, 201, connected.text);
    const tested = await owner.post(`/api/integrations/connections/${connected.body.data.id}/test`);
    assert.equal(tested.body.delivery.ok, true, tested.text);
    // With the vfs driver, podman copies the whole image for each container.
    t.diagnostic(
      `first event delivered ${seconds(Date.now() - startedAt)} after compose up, which took ${seconds(upAt - startedAt)}`,
    );
  });

  it("is healthy", async () => {
    // An engine with systemd runs the health check every 30 s.
    await podman.call("healthcheck", "run", CONTAINER);
    assert.equal(await podman.call("inspect", "--format", "{{.State.Health.Status}}", CONTAINER), "healthy");
  });

  it("has no rights, and a root that is read-only", async () => {
    const status = await podman.call("exec", CONTAINER, "cat", "/proc/1/status");
    assert.match(status, /^Uid:\s+1000\s/m);
    assert.match(status, /^CapEff:\s+0+$/m);
    assert.match(status, /^CapBnd:\s+0+$/m);
    assert.match(status, /^NoNewPrivs:\s+1$/m);
    await assert.rejects(podman.call("exec", CONTAINER, "touch", "/app/x"), /Read-only file system/);
  });

  it("ends in order on SIGTERM, and finds its data in a new container", async () => {
    await compose("stop");
    await printed(/("msg":"stopped")/);
    assert.equal(await podman.call("inspect", "--format", "{{.State.ExitCode}}", CONTAINER), "0");
    await compose("down");
    await assert.rejects(podman.call("inspect", CONTAINER));
    await compose("up", "--detach", "--no-build");
    await printed(/(is listening on)/);
    const client = new ApiClient(url);
    const { email, password } = OWNER;
    assert.equal((await client.post("/api/session", { email, password })).status, 200);
    const { body } = await client.get("/api/integrations/connections");
    const tested = await client.post(`/api/integrations/connections/${body.data[0].id}/test`);
    assert.equal(tested.body.delivery.ok, true, tested.text);
  });
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
