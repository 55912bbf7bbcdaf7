import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Dialect, openStore } from "../../src/db/open.ts";
import type { TestDatabase } from "../support/databases.ts";
import { type ChaosPostgres, startChaosPostgres } from "./chaos-postgres.ts";
import { type CommitProxy, startCommitProxy } from "./commit-proxy.ts";
import { createDisk, type Disk } from "./disk.ts";

/** A database with the means to damage it. */
export type ChaosDatabase = {
  readonly database: TestDatabase;
  readonly disk: Disk | null;
  readonly postgres: ChaosPostgres | null;
  /** The proxy through which all processes reach the database. */
  readonly commitProxy: CommitProxy | null;
};

export async function createChaosDatabase(dialect: Dialect): Promise<ChaosDatabase> {
  if (dialect === "sqlite") {
    const disk = createDisk();
    const database = asTestDatabase(dialect, null, disk.dataDir, async () => disk.remove());
    return { database, disk, postgres: null, commitProxy: null };
  }
  const postgres = await startChaosPostgres();
  return { ...(await behindProxy(postgres)), postgres };
}

/** A database server with a proxy in front of it, and a data folder for one run. */
export async function behindProxy(server: {
  readonly url: string;
  readonly remove: () => Promise<void>;
}): Promise<ChaosDatabase & { readonly commitProxy: CommitProxy }> {
  const dataDir = mkdtempSync(join(tmpdir(), "opensend-chaos-"));
  const commitProxy = await startCommitProxy(server.url);
  const database = asTestDatabase("postgres", commitProxy.url, dataDir, async () => {
    await commitProxy.close();
    await server.remove();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return { database, disk: null, postgres: null, commitProxy };
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
