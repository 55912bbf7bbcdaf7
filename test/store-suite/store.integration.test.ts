import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { getMigrations } from "better-auth/db/migration";
import { sql } from "kysely";
import { peopleOptions } from "../../src/auth/people.ts";
import { isUniqueViolation } from "../../src/db/database-error.ts";
import {
  COLUMN_TYPES,
  MIGRATIONS_TABLE,
  migrate,
  NewerSchemaError,
  newestMigrationNumber,
  schemaNumber,
} from "../../src/db/migrate.ts";
import { MIGRATIONS } from "../../src/db/migrations/index.ts";
import { newId } from "../../src/db/new-id.ts";
import { openStore, pingStore, type Store } from "../../src/db/open.ts";
import { type Page, readPage } from "../../src/db/paging.ts";
import { readClock } from "../../src/db/read-clock.ts";
import { forEachDatabase, openMigrated, type TestDatabase } from "../support/databases.ts";
import { runCommand } from "../support/server.ts";

/** The contract of the store: behavior that both databases must share. */
forEachDatabase((makeDatabase, dialect) => {
  let database: TestDatabase;
  let store: Store;
  let remove: () => Promise<void>;

  before(async () => {
    ({ database, store, remove } = await openMigrated(makeDatabase));
  });
  after(() => remove());

  it("has the current schema after migrating, and migrating again changes nothing", async () => {
    assert.equal(await schemaNumber(store.db), newestMigrationNumber());
    assert.deepEqual(await migrate(store.db, dialect, Date.now()), []);
  });

  it("migrates once when several processes start concurrently", async () => {
    const empty = await makeDatabase({ isEmpty: true });
    const runs = await Promise.all([1, 2, 3].map(() => runCommand(["migrate"], empty.environment)));
    assert.deepEqual(
      runs.map((run) => run.code),
      [0, 0, 0],
      runs.map((run) => run.stderr).join(""),
    );
    const applied = runs.flatMap((run) => run.stdout.match(/^applied /gm) ?? []);
    assert.equal(applied.length, MIGRATIONS.length);
    await empty.remove();
  });

  it("carries over earlier hourly counts, and counts pending deliveries", async () => {
    const empty = await makeDatabase({ isEmpty: true });
    const old = empty.open();
    const [first] = MIGRATIONS;
    await sql.raw(MIGRATIONS_TABLE).execute(old.db);
    for (const statement of first?.statements(COLUMN_TYPES[dialect]) ?? [])
      await sql.raw(statement).execute(old.db);
    await old.db
      .insertInto("schema_migrations")
      .values({ number: 1, name: "schema", applied_at: 1 })
      .execute();
    await sql`insert into workspaces (id, name, slug, created_at) values ('w', 'w', 'w', '2026-01-01T00:00:00Z')`.execute(
      old.db,
    );
    for (const id of ["a", "b"]) {
      await sql`insert into connections (id, workspace_id, provider, name, status, has_signing_secret, endpoint_host,
          endpoint_preview, endpoint_fingerprint, receiver, event_types, health, consecutive_failures, last_sync_at,
          version, created_at, updated_at)
        values (${id}, 'w', 'webhook', 'n', 'connected', 0, 'h', 'p', 'f', 'other', '[]', 'unknown', 0, 0, 1, 0, 0)`.execute(
        old.db,
      );
      await sql`insert into delivery_hours (connection_id, hour, delivered, failed) values (${id}, 7200000, 5, 2)`.execute(
        old.db,
      );
      for (const status of ["pending", "pending", "delivered"]) {
        await sql`insert into deliveries (id, workspace_id, event_id, connection_id, trigger_kind, status, attempt_count,
            created_at, updated_at)
          values (${newId()}, 'w', ${newId()}, ${id}, 'schedule', ${status}, 0, 0, 0)`.execute(old.db);
      }
    }
    assert.equal((await migrate(old.db, dialect, Date.now()))[0], "0002-statistics");
    const sums = await old.db
      .selectFrom("statistics")
      .select(["view", "start", "connection_id", "outcome", "attempts", "deliveries"])
      .orderBy("view")
      .orderBy("connection_id")
      .orderBy("outcome")
      .execute();
    assert.deepEqual(
      sums.map((row) => Object.values(row).join(" ")),
      [
        "connection 7200000 a delivered 5 5",
        "connection 7200000 a retrying 2 0",
        "connection 7200000 b delivered 5 5",
        "connection 7200000 b retrying 2 0",
        "total 7200000  delivered 10 10",
        "total 7200000  retrying 4 0",
      ],
    );
    const pending = await old.db.selectFrom("pending_counts").selectAll().orderBy("connection_id").execute();
    assert.deepEqual(
      pending.map((row) => Object.values(row).join(" ")),
      ["w a 2", "w b 2"],
    );
    await old.close();
    await empty.remove();
  });

  it("refuses a schema newer than the program", async () => {
    const migrated = await makeDatabase();
    const newer = migrated.open();
    await newer.db
      .insertInto("schema_migrations")
      .values({ number: newestMigrationNumber() + 1, name: "from-the-future", applied_at: Date.now() })
      .execute();
    await assert.rejects(migrate(newer.db, dialect, Date.now()), NewerSchemaError);
    await newer.close();
    await migrated.remove();
  });

  it("leaves nothing of a migration that fails", async () => {
    const empty = await makeDatabase({ isEmpty: true });
    const broken = empty.open();
    await sql`create table audit_entries (id text)`.execute(broken.db);
    await assert.rejects(migrate(broken.db, dialect, Date.now()));
    await assert.rejects(
      sql`select 1 from users`.execute(broken.db),
      "the tables made before the fault are gone",
    );
    await broken.close();
    await empty.remove();
  });

  it("has every table and column that the sign-in library reads and writes", async () => {
    const options = await peopleOptions({
      db: store.db,
      dialect,
      sessionSecret: "x".repeat(32),
      publicUrl: "http://127.0.0.1:3015",
      onError: () => undefined,
    });
    const { toBeCreated, toBeAdded } = await getMigrations(options);
    assert.deepEqual([toBeCreated, toBeAdded], [[], []]);
  });

  it("keeps integers exact to 2^53 - 1 and text exact to the last code point", async () => {
    const workspaceId = await makeWorkspace(store);
    const text = "quotes ' \" \\ newline \n emoji 🧾 rtl \u202e combining e\u0301";
    const id = newId();
    await store.db
      .insertInto("events")
      .values({
        id,
        workspace_id: workspaceId,
        type: "a.b",
        created_at: Number.MAX_SAFE_INTEGER,
        data: text,
        accepted_at: 0,
      })
      .execute();
    const row = await store.db
      .selectFrom("events")
      .selectAll()
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    assert.equal(row.created_at, Number.MAX_SAFE_INTEGER);
    assert.equal(row.data, text);
  });

  it("rolls back everything when a transaction fails", async () => {
    const id = newId();
    await assert.rejects(
      store.db.transaction().execute(async (trx) => {
        await trx
          .insertInto("workspaces")
          .values({ id, name: "gone", slug: id, created_at: new Date().toISOString() })
          .execute();
        throw new Error("on purpose");
      }),
      /on purpose/,
    );
    const found = await store.db.selectFrom("workspaces").select("id").where("id", "=", id).execute();
    assert.deepEqual(found, []);
  });

  it("distinguishes a violated unique key from other failures", async () => {
    const insert = () => store.db.insertInto("instance").values({ id: "instance", set_up_at: 1 }).execute();
    await insert();
    await assert.rejects(insert(), (error) => isUniqueViolation(error));
    const orphan = store.db
      .insertInto("members")
      .values({
        id: newId(),
        workspace_id: newId(),
        user_id: newId(),
        role: "owner",
        created_at: new Date().toISOString(),
      })
      .execute();
    await assert.rejects(orphan, (error) => !isUniqueViolation(error), "foreign keys are enforced");
  });

  it("pages through rows without gaps or duplicates while others are added", async () => {
    const workspaceId = await makeWorkspace(store);
    const add = async (createdAt: number) => {
      const id = newId();
      const values = {
        id,
        workspace_id: workspaceId,
        action: "x",
        actor_kind: "cli",
        actor_id: null,
        actor_name: "t",
      };
      const rest = {
        target_kind: "user",
        target_id: null,
        address: null,
        metadata: "{}",
        created_at: createdAt,
      };
      await store.db
        .insertInto("audit_entries")
        .values({ ...values, ...rest })
        .execute();
      return id;
    };
    const original: string[] = [];
    // Several rows per millisecond, so that the id decides their order.
    for (let index = 0; index < 25; index++) original.push(await add(1000 + Math.floor(index / 10)));
    const query = store.db.selectFrom("audit_entries").selectAll().where("workspace_id", "=", workspaceId);
    const seen: string[] = [];
    let last: { createdAt: number; id: string } | null = null;
    for (;;) {
      const page: Page<{ id: string; created_at: number }> = await readPage(query, { limit: 4, after: last });
      seen.push(...page.rows.map((row) => row.id));
      await add(2000);
      const end = page.rows.at(-1);
      if (!page.hasMore || end === undefined) break;
      last = { createdAt: end.created_at, id: end.id };
    }
    assert.deepEqual(seen.toSorted(), original.toSorted());
    assert.deepEqual(seen, [...original].reverse());
  });

  it("responds to a ping and reads the clock", async () => {
    await pingStore(store.db);
    assert.ok(Math.abs((await readClock(store)) - Date.now()) < 60_000);
  });

  if (dialect === "sqlite") {
    it("is durable, checks foreign keys and is readable only by its owner", async () => {
      const pragma = async (name: string) =>
        Object.values((await sql.raw(`pragma ${name}`).execute(store.db)).rows[0] ?? {})[0];
      assert.equal(await pragma("journal_mode"), "wal");
      assert.equal(await pragma("synchronous"), 2);
      assert.equal(await pragma("foreign_keys"), 1);
      assert.ok(Number(await pragma("busy_timeout")) >= 1000);
      assert.equal(statSync(join(database.dataDir, "opensend.db")).mode & 0o777, 0o600);
    });

    it("creates a missing data folder that others cannot access", async () => {
      const parent = mkdtempSync(join(tmpdir(), "opensend-test-"));
      const dataDir = join(parent, "new");
      const opened = openStore({ databaseUrl: null, dataDir, onConnectionError: () => undefined });
      await pingStore(opened.db);
      assert.equal(statSync(dataDir).mode & 0o777, 0o700);
      await opened.close();
      rmSync(parent, { recursive: true });
    });
  }
});

async function makeWorkspace(store: Store): Promise<string> {
  const id = newId();
  await store.db
    .insertInto("workspaces")
    .values({ id, name: "w", slug: id, created_at: new Date().toISOString() })
    .execute();
  return id;
}
