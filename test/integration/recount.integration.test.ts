import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import { checkCounts } from "../../src/cli/check-deliveries.ts";
import { pause } from "../../src/connections/pause.ts";
import { readPendingOf } from "../../src/statistics/read-pending.ts";
import { comparePending, correctPending } from "../../src/statistics/recount-pending.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { openTestApp, type TestApp } from "../support/test-app.ts";

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let test: TestApp;
  beforeEach(async () => {
    database = await makeDatabase();
    test = await openTestApp(database);
  });
  afterEach(async () => {
    await test.close();
    await database.remove();
  });

  const store = () => test.context.store;
  const connectPaused = async () => {
    const id = await test.connect({ webhookUrl: "http://127.0.0.1:8099/hook" });
    const actor = {
      kind: "system",
      id: null,
      name: "T",
      workspaceId: test.workspaceId,
      address: null,
    } as const;
    await pause(test.context.services.integrations, actor, id);
    return id;
  };

  it("finds no differences, with folded and unfolded counts", async () => {
    assert.deepEqual(await comparePending(store(), 10), { differences: [], counted: 0 });
    await connectPaused();
    for (let count = 0; count < 3; count++) await test.accept({ type: "a.b" });
    assert.deepEqual(await comparePending(store(), 10), { differences: [], counted: 3 });
    await test.context.engine.folder.foldAll();
    assert.deepEqual(await comparePending(store(), 3), { differences: [], counted: 3 });
  });

  it("stops counting at its limit", async () => {
    await connectPaused();
    for (let count = 0; count < 3; count++) await test.accept({ type: "a.b" });
    assert.deepEqual(await comparePending(store(), 2), { differences: [], counted: null });
  });

  it("corrects wrong, missing and left-over counts during changes", async () => {
    const [wrong, missing, leftOver] = [await connectPaused(), await connectPaused(), await connectPaused()];
    for (let count = 0; count < 3; count++) await test.accept({ type: "a.b" });
    await test.context.engine.folder.foldAll();
    const { db } = store();
    await db.updateTable("pending_counts").set({ pending: 40 }).where("connection_id", "=", wrong).execute();
    await db.deleteFrom("pending_counts").where("connection_id", "=", missing).execute();
    await db.deleteFrom("deliveries").where("connection_id", "=", leftOver).execute();
    await test.accept({ type: "a.b" });
    const finding = await checkCounts(store(), false);
    assert.equal(finding.state, "warn");
    assert.match(finding.fix ?? "", /doctor --recount/);
    const { differences } = await correctPending(store(), test.clock.now);
    assert.deepEqual(
      new Map(differences.map(({ connectionId, change }) => [connectionId, change])),
      new Map([
        [wrong, -37],
        [missing, 3],
        [leftOver, -3],
      ]),
    );
    assert.ok(differences.every(({ workspaceId }) => workspaceId === test.workspaceId));
    await test.accept({ type: "a.b" });
    await test.context.engine.folder.foldAll();
    const counts = await readPendingOf(store(), test.workspaceId, [wrong, missing, leftOver]);
    assert.deepEqual(
      [wrong, missing, leftOver].map((id) => counts.get(id)),
      [5, 5, 2],
    );
    assert.equal((await checkCounts(store(), true)).state, "ok");
  });
});
