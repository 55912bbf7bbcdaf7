import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import pg from "pg";
import { administer, databaseUrl } from "../support/database-templates.ts";
import { startPostgres, type TestPostgres } from "../support/start-postgres.ts";
import { until } from "../support/until.ts";
import type { Setting } from "./contract.ts";

const OUTBOX_DIR = join(import.meta.dirname, "..", "..", "examples", "outbox");
const QUIET = "--disable-warning=ExperimentalWarning";
/** More than a poller reads in one batch. */
const ORDERS = 600;
/** Processes start slowly while all other client tests run. */
const DEADLINE_MS = 60_000;

type Poller = { readonly language: string; readonly command: (folder: string) => readonly string[] };

const children = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

/** The outbox pollers, each with its own database: killed while sending, they neither lose nor duplicate an event. */
export function outbox(folder: string, python: string, setting: () => Setting): void {
  const pollers: readonly Poller[] = [
    { language: "typescript", command: (place) => [process.execPath, QUIET, join(place, "poller.ts")] },
    { language: "python", command: (place) => [python, join(place, "poller.py")] },
  ];
  // Next to the packages that it imports.
  const place = join(folder, "outbox");
  cpSync(OUTBOX_DIR, place, { recursive: true });
  let postgres: TestPostgres;
  before(async () => {
    postgres = await startPostgres({ isDurable: false });
  });
  after(() => postgres.stop());
  for (const { language, command } of pollers) {
    test(`the outbox in ${language} sends each committed event once, even if it is killed`, async (t) => {
      const name = `outbox_${language}`;
      await administer(postgres.url, `drop database if exists ${name}`);
      await administer(postgres.url, `create database ${name}`);
      const database = new pg.Client({ connectionString: databaseUrl(postgres.url, name) });
      await database.connect();
      t.after(() => database.end());
      await database.query(readFileSync(join(OUTBOX_DIR, "schema.sql"), "utf8"));
      // No connection subscribes to these events, because there are many.
      const type = `${setting().prefix}_outbox.${language}`;
      await write(database, type);
      const env = { DATABASE_URL: databaseUrl(postgres.url, name), OPENSEND_API_KEY: setting().key };
      await killWhileItSends(command(place), env, setting(), async () => {
        const { data } = await readEvents(setting(), { type, limit: "1" });
        return data.length > 0;
      });
      await finishWithTwo(command(place), { ...env, OPENSEND_URL: setting().url }, database);
      await judge(database, setting(), type);
    });
  }
}

/** Writes committed orders, an uncommitted one, and a row that OpenSend refuses. */
async function write(database: pg.Client, type: string): Promise<void> {
  // The trigger sets the event types of orders; this function adds the test's own prefix.
  await database.query(
    `create function rename_event() returns trigger language plpgsql as
     $$begin if new.type like 'order.%' then new.type := '${type}'; end if; return new; end$$;
     create trigger rename_event before insert on opensend_outbox for each row execute function rename_event()`,
  );
  const insert =
    "insert into orders (status, total) select 'new', 12345678901234567890.10 from generate_series(1, $1)";
  await database.query(insert, [ORDERS - 1]);
  await database.query("insert into opensend_outbox (type, data) values ('no spaces', '{}')");
  await database.query("begin");
  await database.query("insert into orders (status, total) values ('rolled back', 1)");
  await database.query("rollback");
  await database.query("update orders set status = 'paid' where id = 1");
}

/** The server stores the first batch, and the poller is killed before it can record that. */
async function killWhileItSends(
  command: readonly string[],
  env: Record<string, string>,
  { proxy }: Setting,
  isStored: () => Promise<boolean>,
): Promise<void> {
  const { url, requests } = proxy.address((count) => (count === 1 ? "mute" : "drop"));
  const poller = startPoller(command, { ...env, OPENSEND_URL: url });
  await until(
    async () => requests.length > 0 && (await isStored()),
    "the first batch is stored",
    DEADLINE_MS,
  );
  await end(poller, "SIGKILL");
}

async function finishWithTwo(
  command: readonly string[],
  env: Record<string, string>,
  database: pg.Client,
): Promise<void> {
  const pollers = [startPoller(command, env), startPoller(command, env)];
  const waiting = "select 1 from opensend_outbox where refused is null limit 1";
  await until(
    async () => (await database.query(waiting)).rowCount === 0,
    "nothing waits any more",
    DEADLINE_MS,
  );
  for (const code of await Promise.all(pollers.map((poller) => end(poller, "SIGTERM"))))
    assert.equal(code, 0);
}

async function judge(database: pg.Client, setting: Setting, type: string): Promise<void> {
  const { rows } = await database.query<{ type: string; refused: string }>(
    "select type, refused from opensend_outbox",
  );
  assert.deepEqual(
    rows.map((row) => row.type),
    ["no spaces"],
  );
  assert.match(rows[0]?.refused ?? "", /validation_failed/);
  const ids = await storedIds(setting, type);
  assert.equal(ids.length, ORDERS);
  assert.equal(new Set(ids).size, ORDERS);
  const { data } = await readEvents(setting, { type, include: "data", limit: "1" });
  assert.match(data[0]?.data_text ?? "", /"total": ?12345678901234567890\.10/);
}

async function storedIds(setting: Setting, type: string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page = await readEvents(setting, { type, limit: "100", ...(cursor === "" ? {} : { cursor }) });
    ids.push(...page.data.map(({ id }) => id));
    cursor = page.next_cursor;
  }
  return ids;
}

type Page = {
  readonly data: readonly { readonly id: string; readonly data_text?: string }[];
  readonly next_cursor: string | null;
};

async function readEvents({ url, key }: Setting, query: Record<string, string>): Promise<Page> {
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(`${url}/api/events?${new URLSearchParams(query)}`, { headers });
  return (await response.json()) as Page;
}

function startPoller([program = "", ...args]: readonly string[], env: Record<string, string>): ChildProcess {
  const { PATH, HOME } = process.env;
  const child = spawn(program, args, {
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  children.add(child);
  // A failing test may leave it running.
  child.unref();
  return child;
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  child.ref();
  child.kill(signal);
  return ended;
}
