import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import type { KyselyPlugin } from "kysely";
import { createApiKey } from "../../src/auth/api-keys.ts";
import { KeyLookup } from "../../src/auth/key-lookup.ts";
import { randomToken } from "../../src/crypto/token-hash.ts";
import { newId } from "../../src/db/new-id.ts";
import type { Store } from "../../src/db/open.ts";
import { forEachDatabase, openMigrated } from "../support/databases.ts";
import { until } from "../support/until.ts";

const FROM = "2001:db8:1:2::1";
const NEIGHBOUR = "2001:db8:1:2::ffff";
const ELSEWHERE = "2001:db8:1:3::1";

forEachDatabase((makeDatabase) => {
  let store: Store;
  let remove: () => Promise<void>;
  let lookup: KeyLookup;
  let key: string;
  let keyId: string;
  let now = 1_000_000;
  let reads = 0;
  let opened: Promise<void>;
  let open: () => void;

  const close = () => {
    opened = new Promise((resolve) => {
      open = resolve;
    });
  };

  beforeEach(async () => {
    ({ store, remove } = await openMigrated(makeDatabase));
    const workspaceId = newId();
    const created_at = new Date(now).toISOString();
    await store.db
      .insertInto("workspaces")
      .values({ id: workspaceId, name: "w", slug: workspaceId, created_at })
      .execute();
    const actor = { kind: "system", id: null, name: "Test", workspaceId, address: null } as const;
    const deps = {
      db: store.db,
      now: () => now,
      evictKey: () => undefined,
      recordAudit: async () => undefined,
    };
    const input = { name: "Test", access: "full_access", expiresAt: null } as const;
    const created = await createApiKey(deps, actor, input);
    [key, keyId] = [created.key, created.apiKey.id];
    opened = Promise.resolve();
    open = () => undefined;
    const gate: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        reads++;
        await opened;
        return result;
      },
    };
    lookup = new KeyLookup(
      store.db.withPlugin(gate),
      () => now,
      () => undefined,
    );
  });
  afterEach(async () => {
    open();
    await remove();
  });

  const findUnknown = (from: string) => lookup.find(`os_${randomToken()}`, from);

  it("limits concurrent lookups of unknown keys per address, but not of keys known to be valid", async () => {
    assert.equal((await lookup.find(key, FROM))?.keyId, keyId);
    now += 2000;
    close();
    const created = Array.from({ length: 21 }, () => findUnknown(FROM));
    const refusals: { code?: string }[] = [];
    findUnknown(NEIGHBOUR).catch((error: { code?: string }) => refusals.push(error));
    await until(() => refusals.length > 0);
    assert.equal(refusals[0]?.code, "rate_limited");
    const [valid, other] = [lookup.find(key, FROM), findUnknown(ELSEWHERE)];
    open();
    assert.equal((await valid)?.keyId, keyId);
    assert.deepEqual(await Promise.all([...created, other]), Array(22).fill(null));
    assert.equal(await findUnknown(NEIGHBOUR), null);
  });

  it("reads a key once for concurrent lookups", async () => {
    reads = 0;
    const found = await Promise.all(Array.from({ length: 10 }, () => lookup.find(key, FROM)));
    assert.ok(found.every((identity) => identity?.keyId === keyId));
    const looked = reads;
    await lookup.find(key, FROM);
    // One statement reads the key, and one records its use.
    assert.ok(looked <= 2, `${looked} statements`);
  });

  it("does not query for texts that cannot be keys", async () => {
    reads = 0;
    for (const text of ["", "os_unknown", key.repeat(3), key.replace("os_", "xx_"), `${key}!`]) {
      assert.equal(await lookup.find(text, FROM), null);
    }
    assert.equal(reads, 0);
  });
});
