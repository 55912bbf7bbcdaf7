import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The data folder of an embedded database, on a disk that can be filled. */
export type Disk = {
  readonly dataDir: string;
  /** How the disk is filled, for the report. */
  readonly means: string;
  readonly fill: (pids: readonly number[]) => void;
  readonly free: (pids: readonly number[]) => void;
  readonly remove: () => void;
};

const SIZE = "512m";

/** A small file system if this process can mount one, otherwise a limit on how much the servers may write. */
export function createDisk(): Disk {
  const dataDir = mkdtempSync(join(tmpdir(), "opensend-chaos-"));
  return isMounted(dataDir) ? smallFileSystem(dataDir) : limitedProcesses(dataDir);
}

function isMounted(dataDir: string): boolean {
  const options = ["-t", "tmpfs", "-o", `size=${SIZE},mode=0700`];
  return process.getuid?.() === 0 && spawnSync("mount", [...options, "tmpfs", dataDir]).status === 0;
}

function smallFileSystem(dataDir: string): Disk {
  const ballast = join(dataDir, "ballast");
  let isThere = true;
  const remove = () => {
    if (!isThere) return;
    isThere = false;
    spawnSync("umount", ["--lazy", dataDir]);
    rmSync(dataDir, { recursive: true, force: true });
  };
  process.once("exit", remove);
  return {
    dataDir,
    means: "tmpfs",
    fill: () => {
      const { bavail, bsize } = statfsSync(dataDir);
      const BLOCK = 1024 * 1024;
      writeFileSync(ballast, "");
      try {
        for (let left = bavail * bsize; left > 0; left -= BLOCK) {
          writeFileSync(ballast, Buffer.alloc(Math.min(BLOCK, left)), { flag: "a" });
        }
      } catch (error) {
        // The server writes too, so the disk may already be full.
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
    },
    free: () => rmSync(ballast, { force: true }),
    remove,
  };
}

/**
 * Limits every file to a page or two, so that SQLite's writes fail with EFBIG. Setting the limit needs no privileges.
 */
function limitedProcesses(dataDir: string): Disk {
  const limit = (pids: readonly number[], bytes: string) => {
    for (const pid of pids) {
      const { status, error } = spawnSync("prlimit", [`--pid=${pid}`, `--fsize=${bytes}:`]);
      if (error !== undefined) throw error;
      if (status !== 0) throw new Error(`prlimit ended with code ${status} for process ${pid}`);
    }
  };
  return {
    dataDir,
    means: "prlimit",
    fill: (pids) => limit(pids, "8192"),
    free: (pids) => limit(pids, "unlimited"),
    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  };
}
