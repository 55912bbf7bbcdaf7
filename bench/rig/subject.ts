import { rmSync } from "node:fs";
import type { Dialect } from "../../src/db/open.ts";
import { ApiClient, setUpOwner } from "../../test/support/api-client.ts";
import { makePostgres, makeSqlite, type TestDatabase } from "../../test/support/databases.ts";
import { benchType } from "./bench-event.ts";
import { type Counter, createCounter } from "./counter.ts";
import { type RunningProgram, startProgram } from "./program.ts";
import type { Row } from "./table.ts";

/** The measured program on a database, in one process or several. */
export type Variant = {
  readonly database: Dialect;
  readonly workers: number;
  /** One of two programs, if another version is measured alongside this one. */
  readonly program?: "old" | "new";
  /** The checkout of the old version. */
  readonly oldDir?: string;
};

export type Subject = Counter & {
  readonly variant: Variant;
  readonly database: TestDatabase;
  readonly url: string;
  readonly key: string;
  readonly api: ApiClient;
  /** The program's output: warnings and errors. */
  readonly output: () => string;
  /** Ends the program and restarts it on the same database. Runs `whileStopped` in between. */
  readonly restart: (whileStopped: () => Promise<void>) => Promise<void>;
  /** Ends the program; the database exists until `remove`. */
  readonly stop: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

export const SIGNING_SECRET = "bench-signing-secret";
/** Removed even if a run fails, because they can contain gigabytes. */
const folders = new Set<string>();
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Concurrent requests that create connections: enough to share commits. */
const CALLS_CONCURRENT_MAX = 8;

export async function openSubject(variant: Variant, profileDir: string | null = null): Promise<Subject> {
  // Empty, because another version creates its own tables.
  const make = variant.database === "sqlite" ? makeSqlite : makePostgres;
  const database = await make({ isEmpty: true });
  folders.add(database.dataDir);
  const start = () =>
    startProgram({
      environment: database.environment,
      workers: variant.workers,
      profileDir,
      dir: variant.oldDir ?? null,
    });
  let program: RunningProgram = await start();
  const owner = await setUpOwner(program);
  const { body } = await owner.post("/api/api-keys", { name: "Bench", access: "full_access" });
  const key: string = body.key;
  const counter = await createCounter(database, () => program);
  return {
    ...counter,
    variant,
    database,
    key,
    get url() {
      return program.url;
    },
    get api() {
      return new ApiClient(program.url, { key });
    },
    output: () => program.output(),
    restart: async (whileStopped) => {
      await program.stop();
      await whileStopped();
      program = await start();
    },
    stop: () => program.stop(),
    remove: async () => {
      await counter.close();
      await database.remove();
      folders.delete(database.dataDir);
    },
  };
}

/** Connections to different paths of one receiver, each with its own event type. Returns their ids. */
export async function makeConnections(
  { api }: Pick<Subject, "api">,
  receiverUrl: string,
  count: number,
): Promise<string[]> {
  const ids: string[] = [];
  let nextIndex = 0;
  const make = async () => {
    while (nextIndex < count) {
      const index = nextIndex++;
      const response = await api.post("/api/integrations/webhook", {
        name: `Receiver ${index}`,
        webhook_url: `${receiverUrl}/hook/${index}`,
        signing_secret: SIGNING_SECRET,
        event_types: [benchType(index)],
      });
      if (response.status !== 201)
        throw new Error(`connecting returned ${response.status}: ${response.text}`);
      ids.push(response.body.data.id);
    }
  };
  await Promise.all(Array.from({ length: CALLS_CONCURRENT_MAX }, make));
  return ids;
}

/** The cells of a row that identify the case. */
export function cellsOf({ program, database, workers }: Variant): Row {
  return { ...(program === undefined ? {} : { program }), database, workers };
}

export function describeVariant({ program, database, workers }: Variant): string {
  const which = program === "old" ? "the old program on " : "";
  const name = `${which}${database === "sqlite" ? "SQLite" : "PostgreSQL"}`;
  return workers === 1 ? name : `${name}, ${workers} workers`;
}
