import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import {
  type Attempt,
  countAttempt,
  deleteExpiredThrottles,
  resetAttempts,
} from "../../src/auth/sign-in-throttle.ts";
import type { Store } from "../../src/db/open.ts";
import { forEachDatabase, openMigrated } from "../support/databases.ts";

const SECRET = "a session secret for tests, long enough";
const MINUTE = 60_000;

forEachDatabase((makeDatabase) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ store, remove } = await openMigrated(makeDatabase));
  });
  afterEach(() => remove());

  const attempt = (of: Attempt, now = 0) => countAttempt(store.db, SECRET, of, now);
  const subjects = async () =>
    (await store.db.selectFrom("sign_in_throttles").select("subject").execute()).map(
      ({ subject }) => subject.split(":")[0],
    );
  const throttled = { code: "sign_in_throttled" };

  it("stores nothing more for an address above its limit, whatever emails it invents", async () => {
    for (let n = 0; n < 30; n++) await attempt({ email: `${n}@example.com`, address: "192.0.2.1" });
    const before = (await subjects()).toSorted();
    for (let n = 30; n < 40; n++) {
      await assert.rejects(attempt({ email: `${n}@example.com`, address: "192.0.2.1" }), throttled);
    }
    assert.deepEqual((await subjects()).toSorted(), before);
    await attempt({ email: "0@example.com", address: "192.0.2.2" });
  });

  it("counts an IPv6 network as one address, and IPv4 in every notation", async () => {
    for (let n = 0; n < 30; n++)
      await attempt({ email: `${n}@example.com`, address: `2001:db8:1:2::${n + 1}` });
    await assert.rejects(attempt({ email: "x@example.com", address: "2001:db8:1:2:ffff::1" }), throttled);
    await attempt({ email: "x@example.com", address: "2001:db8:1:3::1" });
    for (let n = 0; n < 5; n++) await attempt({ email: "y@example.com", address: "192.0.2.9" });
    await assert.rejects(attempt({ email: "y@example.com", address: "::ffff:192.0.2.9" }), throttled);
  });

  it("keeps the failures of an address when another account signs in from it", async () => {
    const address = "192.0.2.1";
    for (let n = 0; n < 29; n++) await attempt({ email: `${n}@example.com`, address });
    const own = { email: "own@example.com", address };
    await attempt(own);
    await resetAttempts(store.db, SECRET, own, 0);
    await attempt({ email: "29@example.com", address });
    await assert.rejects(attempt({ email: "30@example.com", address }), throttled);
    await assert.rejects(attempt(own), throttled);
  });

  it("lets an address through that signed in to the account before, however many others guess passwords", async () => {
    const email = "owner@example.com";
    const home = { email, address: "2001:db8:1:2::1" };
    await attempt(home);
    await resetAttempts(store.db, SECRET, home, 0);
    const now = 30 * 24 * 60 * MINUTE;
    for (let n = 0; n < 50; n++) await attempt({ email, address: `192.0.2.${n}` }, now);
    await assert.rejects(attempt({ email, address: "192.0.2.99" }, now), throttled);
    await attempt({ email, address: "2001:db8:1:2::ffff" }, now);
    await assert.rejects(attempt({ email, address: "2001:db8:1:3::1" }, now), throttled);
    for (let n = 0; n < 4; n++) await attempt(home, now);
    await assert.rejects(attempt(home, now), throttled, "five tries in five minutes hold there too");
  });

  it("keeps known addresses for 90 days, and counts for an hour", async () => {
    const home = { email: "owner@example.com", address: "192.0.2.1" };
    await attempt(home);
    await resetAttempts(store.db, SECRET, home, 0);
    const forget = (now: number) =>
      store.db.transaction().execute((trx) => deleteExpiredThrottles(trx, now, 100));
    const day = 24 * 60 * MINUTE;
    assert.equal(await forget(day), 2);
    assert.deepEqual(await subjects(), ["known"]);
    assert.equal(await forget(90 * day), 1);
  });

  it("restarts the count when a window has ended", async () => {
    const of = { email: "ada@example.com", address: "192.0.2.1" };
    for (let n = 0; n < 5; n++) await attempt(of);
    await assert.rejects(attempt(of, 5 * MINUTE - 1), { ...throttled, retryAfterSeconds: 1 });
    await attempt(of, 5 * MINUTE);
  });
});
