import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Set in a process that uses our name server. */
const HAS_OWN_NAMES = "CHAOS_HAS_OWN_NAMES";

export function hasOwnNames(): boolean {
  return process.env[HAS_OWN_NAMES] === "true";
}

/** Mounting needs root and Linux. */
export function canHaveOwnNames(): boolean {
  const unshare = ["-m", "--propagation", "private", "true"];
  return process.getuid?.() === 0 && spawnSync("unshare", unshare).status === 0;
}

/**
 * Runs this program again, in a mount namespace whose resolv.conf names our name server, and exits with its exit code.
 * The C library's resolver uses only port 53, so the name server has its own loopback address.
 */
export async function runWithOwnNames(): Promise<void> {
  const address = `127.53.${(process.pid >> 8) & 255}.${process.pid & 255}`;
  const nameServer = spawn(process.execPath, [join(import.meta.dirname, "name-server.ts"), address], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await new Promise<void>((resolve, reject) => {
    nameServer.stdout.once("data", () => resolve());
    nameServer.once("exit", (code) => reject(new Error(`the name server did not start (exit code ${code})`)));
  });
  const folder = mkdtempSync(join(tmpdir(), "opensend-names-"));
  const resolvConf = join(folder, "resolv.conf");
  writeFileSync(resolvConf, `nameserver ${address}\n`);
  const script = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
  const self = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn(
    "unshare",
    ["-m", "--propagation", "private", "sh", "-c", script, resolvConf, ...self],
    { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, [HAS_OWN_NAMES]: "true" } },
  );
  process.exitCode = await new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
  nameServer.stdin.end();
  rmSync(folder, { recursive: true, force: true });
}
