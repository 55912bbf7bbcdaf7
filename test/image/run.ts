import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse } from "yaml";
import { copyCheckout } from "../package/copy-checkout.ts";
import { ApiClient, OWNER, setUpOwner } from "../support/api-client.ts";
import { startTestReceiver } from "../support/receiver.ts";
import { freePort } from "../support/server.ts";
import { startPostgres } from "../support/start-postgres.ts";
import { BASE_IMAGE, Buildah, IMAGE } from "./buildah.ts";
import { type Container, type ContainerPlace, runInContainer, startContainer } from "./container.ts";
import { makeBaseImage } from "./make-base-image.ts";

/**
 * Builds the image of the Dockerfile with Debian's buildah, on a base image created on this machine, and runs it. Needs
 * root, `apt-get install buildah debootstrap`, Debian's mirror and the npm registry; no container engine and no image
 * registry. Of an engine's features only the namespaces are tested, not its network and published ports, its seccomp
 * and AppArmor profiles, or its limits. `compose.ts` starts the image with an engine.
 *
 *   npm run test:image
 */
const PROJECT_DIR = join(import.meta.dirname, "..", "..");
const MINUTE_MS = 60_000;

describe("the container image", { timeout: 30 * MINUTE_MS }, () => {
  const folder = mkdtempSync(join(tmpdir(), "opensend-image-"));
  const buildah = new Buildah(folder);
  let place: ContainerPlace;
  let url: string;

  before(async () => {
    const startedAt = Date.now();
    await makeBaseImage(buildah, BASE_IMAGE, "bookworm");
    const baseAt = Date.now();
    await buildah.build(copyCheckout(join(folder, "checkout")), IMAGE);
    console.log(
      `base ${seconds(baseAt - startedAt)}, image ${seconds(Date.now() - baseAt)}, size ${await describeSize(buildah)}`,
    );
    const settings = await buildah.settings(IMAGE);
    const root = await buildah.call("mount", await buildah.call("from", "--pull-never", IMAGE));
    const port = String(await freePort());
    url = `http://localhost:${port}`;
    const environment = {
      PORT: port,
      OPENSEND_PUBLIC_URL: url,
      // The receiver of this test is on this machine.
      OPENSEND_OUTBOUND_ALLOWED_CIDRS: "127.0.0.0/8",
    };
    place = { root, dataDir: makeVolume(folder, root), settings, environment };
  });
  after(async () => {
    await buildah.call("rm", "--all");
    await buildah.call("rmi", "--all", "--force");
    rmSync(folder, { recursive: true, force: true });
  });

  it("has the settings that an engine needs", () => {
    const { User, Cmd, ExposedPorts, Volumes, Healthcheck } = place.settings;
    assert.equal(User, "1000:1000");
    assert.deepEqual(Cmd, ["start"]);
    assert.deepEqual(Object.keys(ExposedPorts), ["3015/tcp"]);
    assert.deepEqual(Object.keys(Volumes), ["/data"]);
    assert.equal(Healthcheck?.Test[0], "CMD");
  });

  it("has no development packages, and none of the sources", async () => {
    const listed = await runInContainer(place, ["ls", "-A", "/app"]);
    assert.deepEqual(listed.trim().split("\n").sort(), [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "bin",
      "dist",
      "openapi.json",
      "package.json",
    ]);
  });

  it("runs as an unprivileged user, on a read-only root", async () => {
    const status = await runInContainer(place, [
      "grep",
      "-E",
      "^(Uid|CapEff|CapBnd|NoNewPrivs)",
      "/proc/self/status",
    ]);
    assert.match(status, /^Uid:\s+1000\s/m);
    assert.match(status, /^CapEff:\s+0+$/m);
    assert.match(status, /^CapBnd:\s+0+$/m);
    assert.match(status, /^NoNewPrivs:\s+1$/m);
    await assert.rejects(runInContainer(place, ["touch", "/app/x"]), /Read-only file system/);
  });

  it("prints the setup link, delivers a test event, is healthy, and shuts down gracefully on SIGTERM", async (t) => {
    const receiver = await startTestReceiver();
    const startedAt = Date.now();
    const container = startContainer(place);
    try {
      const setupUrl = await container.untilPrinted(/Create the owner's account: (\S+)/);
      assert.ok(setupUrl.startsWith(`${url}/setup?token=`));
      const owner = await setUpOwner({ url, setupUrl });
      const connected = await owner.post("/api/integrations/webhook", {
        name: "Receiver",
        webhook_url: `${receiver.url}/hook`,
        signing_secret: "a-signing-secret",
      });
      assert.equal(connected.status, 201, connected.text);
      const tested = await owner.post(`/api/integrations/connections/${connected.body.data.id}/test`);
      assert.equal(tested.status, 200, tested.text);
      assert.equal(tested.body.delivery.ok, true, tested.text);
      assert.equal(receiver.received.length, 1);
      t.diagnostic(`first event delivered ${seconds(Date.now() - startedAt)} after the container started`);
      assert.equal((await fetch(url, { headers: { accept: "text/html" } })).status, 200, "the dashboard");
      assert.equal((await fetch(`${url}/docs`)).status, 200);
      await runInContainer(place, place.settings.Healthcheck?.Test.slice(1) ?? []);
      assert.equal(await container.stop(), 0, container.output());
      assert.match(container.output(), /"msg":"stopped"/);
      await assert.rejects(runInContainer(place, place.settings.Healthcheck?.Test.slice(1) ?? []));
    } finally {
      await container.stop();
      await receiver.close();
    }
  });

  it("finds its data and keys in a new container", async () => {
    assert.ok(existsSync(join(place.dataDir, "opensend.db")));
    const container = startContainer(place);
    try {
      await container.untilPrinted(/(is listening on)/);
      assert.doesNotMatch(container.output(), /Create the owner's account/);
      const client = new ApiClient(url);
      const { email, password } = OWNER;
      assert.equal((await client.post("/api/session", { email, password })).status, 200);
      const { body } = await client.get("/api/integrations/connections");
      const [connection] = body.data;
      const tested = await client.post(`/api/integrations/connections/${connection.id}/test`);
      assert.equal(tested.status, 200, tested.text);
      assert.notEqual(tested.body.delivery.error?.code, "credentials_unreadable");
    } finally {
      assert.equal(await container.stop(), 0);
    }
  });

  it("runs a server and a worker on PostgreSQL, with the variables of compose.postgres.yaml", async () => {
    const postgres = await startPostgres({ isDurable: false });
    const own = { ...place, dataDir: makeVolume(mkdtempSync(join(folder, "postgres-")), place.root) };
    const environment = {
      ...readComposeVariables(),
      ...place.environment,
      ...writeSecrets(own.dataDir, {
        DATABASE_URL: postgres.url,
        INTEGRATION_SECRET_ENCRYPTION_KEY: randomBytes(32).toString("base64"),
        OPENSEND_SESSION_SECRET: randomBytes(32).toString("base64"),
      }),
    };
    const server = startContainer({ ...own, environment });
    let worker: Container | null = null;
    try {
      const setupUrl = await server.untilPrinted(/Create the owner's account: (\S+)/);
      worker = startContainer({ ...own, environment }, ["worker"]);
      await worker.untilPrinted(/(is delivering)/);
      const owner = await setUpOwner({ url, setupUrl });
      const system = await owner.get("/api/system");
      assert.equal(system.body.data.workers.length, 2, system.text);
      assert.equal(await worker.stop(), 0, worker.output());
    } finally {
      await worker?.stop();
      assert.equal(await server.stop(), 0, server.output());
      await postgres.stop();
    }
  });
});

/** The variables that the compose file sets for both the server and the worker. */
function readComposeVariables(): Record<string, string> {
  const file = parse(readFileSync(join(PROJECT_DIR, "compose.postgres.yaml"), "utf8"), { merge: true });
  const { opensend, worker } = (file as { services: Record<string, { environment: Record<string, string> }> })
    .services;
  assert.deepEqual(opensend?.environment, worker?.environment);
  return opensend?.environment ?? {};
}

/**
 * Writes files to the volume, because nothing is mounted at /run/secrets here. Returns the variables that name them.
 */
function writeSecrets(dataDir: string, secrets: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => {
      writeFileSync(join(dataDir, name), value, { mode: 0o444 });
      return [`${name}_FILE`, `/data/${name}`];
    }),
  );
}

/** Creates a volume as an engine does: with the owner and mode of the image's folder. */
function makeVolume(folder: string, root: string): string {
  const { uid, gid, mode } = statSync(join(root, "data"));
  assert.deepEqual([uid, gid, mode & 0o777], [1000, 1000, 0o700]);
  const dataDir = join(folder, "data");
  mkdirSync(dataDir);
  chownSync(dataDir, uid, gid);
  chmodSync(dataDir, mode & 0o777);
  // The container's user must be able to reach the folder.
  chmodSync(folder, 0o711);
  return dataDir;
}

async function describeSize(buildah: Buildah): Promise<string> {
  const bytesOf = async (image: string) => {
    const [one] = JSON.parse(await buildah.call("images", "--json", image)) as { size: string }[];
    return one?.size ?? "unknown";
  };
  return `${await bytesOf(IMAGE)}, of which the base ${await bytesOf(BASE_IMAGE)}`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
