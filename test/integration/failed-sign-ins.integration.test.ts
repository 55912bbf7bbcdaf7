import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { foldAudit } from "../../src/audit/fold-audit.ts";
import { recordAudit } from "../../src/audit/record-audit.ts";
import { createUser } from "../../src/auth/create-user.ts";
import { createPeople } from "../../src/auth/people.ts";
import { type SessionDeps, signIn } from "../../src/auth/sessions.ts";
import type { Store } from "../../src/db/open.ts";
import { forEachDatabase, openMigrated } from "../support/databases.ts";

const SECRET = "a session secret for tests, long enough";
const PASSWORD = "a long enough password";
const MINUTE = 60_000;

forEachDatabase((makeDatabase, dialect) => {
  describe("failed sign-ins in the audit log", () => {
    let store: Store;
    let remove: () => Promise<void>;
    let deps: SessionDeps;
    let now = Date.now();
    beforeEach(async () => {
      ({ store, remove } = await openMigrated(makeDatabase));
      const { db } = store;
      const publicUrl = "http://127.0.0.1:3015";
      const people = createPeople({
        db,
        dialect,
        sessionSecret: SECRET,
        publicUrl,
        onError: () => undefined,
      });
      deps = { db, people, sessionSecret: SECRET, mailQueue: null, now: () => now, recordAudit, foldAudit };
      const ada = { email: "ada@example.com", name: "Ada", password: PASSWORD, role: "owner" } as const;
      await createUser(deps, ada, { kind: "cli", address: null });
    });
    afterEach(() => remove());

    const fail = async (email: string, address: string) => {
      const input = { email, password: "not the password" };
      await assert.rejects(signIn(deps, input, { address, userAgent: null }), { code: "invalid_sign_in" });
    };
    const entries = async () => {
      const rows = await store.db
        .selectFrom("audit_entries")
        .select(["actor_name", "actor_id", "address", "metadata"])
        .where("action", "=", "session.failed")
        .orderBy("id")
        .execute();
      return rows.map(({ metadata, ...row }) => ({ ...row, ...(JSON.parse(metadata) as object) }));
    };

    it("are one entry per address and hour, which counts them and names the accounts", async () => {
      for (let n = 0; n < 3; n++) await fail("ada@example.com", "192.0.2.1");
      const [first] = await entries();
      assert.deepEqual(
        { ...first, actor_id: first?.actor_id === null },
        {
          actor_name: "Ada",
          actor_id: false,
          address: "192.0.2.1",
          reason: "wrong_password",
          attempts: 3,
          accounts: ["Ada"],
        },
      );
      await fail("typed-a-password-here", "192.0.2.1");
      await fail("ada@example.com", "192.0.2.2");
      now += 59 * MINUTE;
      await fail("ada@example.com", "192.0.2.1");
      const mixed = await entries();
      assert.equal(mixed.length, 2);
      assert.deepEqual(mixed[0], {
        actor_name: "Several accounts",
        actor_id: null,
        address: "192.0.2.1",
        reason: "wrong_password",
        attempts: 5,
        accounts: ["Ada", "Unknown account"],
      });
      now += 2 * MINUTE;
      await fail("ada@example.com", "192.0.2.1");
      assert.equal((await entries()).length, 3);
      assert.doesNotMatch(JSON.stringify(await entries()), /typed-a-password/);
    });

    it("count an IPv6 network as one address, and count every concurrent failure", async () => {
      await Promise.all([1, 2, 3, 4].map((n) => fail("ada@example.com", `2001:db8:1:2::${n}`)));
      assert.deepEqual(
        (await entries()).map((entry) => [entry.address, (entry as { attempts?: number }).attempts]),
        [["2001:db8:1:2::/64", 4]],
      );
    });
  });
});
