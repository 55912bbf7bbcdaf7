import { existsSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";

/** Linux's file system in memory. Containers often have only 64 MiB of it, too little for a PostgreSQL. */
const SHARED_MEMORY = "/dev/shm";
const FREE_BYTES_MIN = 2 * 1024 ** 3;

/** The folder for data of one test run: in memory if there is room, because disks are slow to sync. */
export function memoryFolder(): string {
  if (!existsSync(SHARED_MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(SHARED_MEMORY);
  return bavail * bsize >= FREE_BYTES_MIN ? SHARED_MEMORY : tmpdir();
}
