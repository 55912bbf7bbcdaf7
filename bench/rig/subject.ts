import { rmSync } from "node:fs";
import type { Dialect } from "../../src/store/open.ts";
import { ApiClient, setUpOwner } from "../../test/support/api-client.ts";
import { makePostgres, makeSqlite, type TestDatabase } from "../../test/support/databases.ts";
import { benchType } from "./bench-event.ts";
import { type Counter, createCounter } from "./counter.ts";
import { type RunningProgram, startProgram } from "./program.ts";

/** What is measured: the program on a database, in one process or several. */
export type Variant = { readonly database: Dialect; readonly workers: number };

export type Subject = Counter & {
  readonly variant: Variant;
  readonly database: TestDatabase;
  readonly url: string;
  readonly key: string;
  readonly api: ApiClient;
  /** What the program printed: warnings and errors. */
  readonly output: () => string;
  /** Ends the program and starts it again on the same database. `whileStopped` runs in between. */
  readonly restart: (whileStopped: () => Promise<void>) => Promise<void>;
  /** Ends the program; the database stays until `remove`. */
  readonly stop: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

export const SIGNING_SECRET = "bench-signing-secret";
/** A run that fails leaves no gigabytes behind. */
const folders = new Set<string>();
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Requests at once while connections are made: enough to share commits. */
const CALLS_AT_ONCE = 8;

export async function openSubject(variant: Variant, profileDir: string | null = null): Promise<Subject> {
  const database = await (variant.database === "sqlite" ? makeSqlite() : makePostgres());
  folders.add(database.dataDir);
  const start = () =>
    startProgram({ environment: database.environment, workers: variant.workers, profileDir });
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

/** Connections to paths of one receiver, each of which wants events of a type of its own. Returns their ids. */
export async function makeConnections(
  { api }: Pick<Subject, "api">,
  receiverUrl: string,
  count: number,
): Promise<string[]> {
  const ids: string[] = [];
  let taken = 0;
  const make = async () => {
    while (taken < count) {
      const index = taken++;
      const answer = await api.post("/api/integrations/webhook", {
        name: `Receiver ${index}`,
        webhook_url: `${receiverUrl}/hook/${index}`,
        signing_secret: SIGNING_SECRET,
        event_types: [benchType(index)],
      });
      if (answer.status !== 201) throw new Error(`connecting answered ${answer.status}: ${answer.text}`);
      ids.push(answer.body.data.id);
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, make));
  return ids;
}

export function describeVariant({ database, workers }: Variant): string {
  const name = database === "sqlite" ? "SQLite" : "PostgreSQL";
  return workers === 1 ? name : `${name}, ${workers} workers`;
}
