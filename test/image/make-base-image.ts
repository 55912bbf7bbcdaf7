import { execFile } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Buildah } from "./buildah.ts";

const run = promisify(execFile);
/** Takes half a minute when nothing else runs. */
const BOOTSTRAP_WITHIN_MS = 900_000;
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/**
 * Creates an image with the contents of the official one: Debian's minimal system, the Node that runs this test, and
 * npm. Needs root, debootstrap and Debian's mirror, but no image registry.
 *
 * @param name The official image's name, so that the Dockerfile is built unchanged.
 */
export async function makeBaseImage(buildah: Buildah, name: string, release: string): Promise<void> {
  const container = await buildah.call("from", "scratch");
  const root = await buildah.call("mount", container);
  await run("debootstrap", ["--variant=minbase", "--include=ca-certificates", release, root], {
    timeout: BOOTSTRAP_WITHIN_MS,
  });
  // Like the official image, without the packages' archives and lists.
  for (const folder of ["var/cache/apt", "var/lib/apt/lists"])
    rmSync(join(root, folder), { recursive: true });
  copyNode(root);
  // If this machine reaches registries through a proxy that inspects TLS, the build must trust that proxy too.
  if (existsSync(CERTIFICATES)) copyFileSync(CERTIFICATES, join(root, CERTIFICATES));
  const environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"];
  if (process.env["NODE_EXTRA_CA_CERTS"] !== undefined) {
    environment.push(`NODE_EXTRA_CA_CERTS=${CERTIFICATES}`, `NPM_CONFIG_CAFILE=${CERTIFICATES}`);
  }
  await buildah.call("config", ...environment.flatMap((one) => ["--env", one]), container);
  await buildah.call("umount", container);
  await buildah.call("commit", "--rm", container, name);
}

/** Copies Node and npm to the paths of the official image. */
function copyNode(root: string): void {
  const [bin, modules] = [join(root, "usr/local/bin"), join(root, "usr/local/lib/node_modules")];
  mkdirSync(modules, { recursive: true });
  copyFileSync(process.execPath, join(bin, "node"));
  cpSync(npmFolder(), join(modules, "npm"), { recursive: true });
  for (const name of ["npm", "npx"])
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(bin, name));
}

/** The folder of the npm that runs this script, or of the npm in the PATH. */
function npmFolder(): string {
  const script = process.env["npm_execpath"];
  if (script !== undefined) return dirname(dirname(realpathSync(script)));
  const found = (process.env["PATH"] ?? "")
    .split(":")
    .map((folder) => join(folder, "npm"))
    .find(existsSync);
  if (found === undefined) throw new Error("npm is not in the PATH. Run this with `npm run test:image`.");
  return dirname(dirname(realpathSync(found)));
}
