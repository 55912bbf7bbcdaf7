import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Dialect, openStore } from "../../src/store/open.ts";
import type { TestDatabase } from "../support/databases.ts";
import { type ChaosPostgres, startChaosPostgres } from "./chaos-postgres.ts";
import { createDisk, type Disk } from "./disk.ts";

/** A database with the means to hurt it. */
export type ChaosDatabase = {
  readonly database: TestDatabase;
  readonly disk: Disk | null;
  readonly postgres: ChaosPostgres | null;
};

export async function createChaosDatabase(dialect: Dialect): Promise<ChaosDatabase> {
  if (dialect === "sqlite") {
    const disk = createDisk();
    const database = asTestDatabase(dialect, null, disk.dataDir, async () => disk.remove());
    return { database, disk, postgres: null };
  }
  const postgres = await startChaosPostgres();
  const dataDir = mkdtempSync(join(tmpdir(), "opensend-chaos-"));
  const database = asTestDatabase(dialect, postgres.url, dataDir, async () => {
    await postgres.remove();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return { database, disk: null, postgres };
}

function asTestDatabase(
  dialect: Dialect,
  databaseUrl: string | null,
  dataDir: string,
  remove: () => Promise<void>,
): TestDatabase {
  return {
    dialect,
    databaseUrl,
    dataDir,
    environment: {
      OPENSEND_DATA_DIR: dataDir,
      ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
    },
    open: () => openStore({ databaseUrl, dataDir, onConnectionError: () => undefined }),
    remove,
  };
}
