import assert from "node:assert/strict";
import { type AddressInfo, createServer } from "node:net";
import { describe, it, type TestContext } from "node:test";
import pg from "pg";
import { makePostgres } from "../support/databases.ts";
import { until } from "../support/until.ts";
import { startCommitProxy } from "./commit-proxy.ts";

describe("the commit proxy", () => {
  it("cuts the connection of the chosen transaction, and the database still commits it", async (test) => {
    const { proxy, direct, open } = await setUp(test);
    await direct.query("create table events (id text)");
    const insert = async (...ids: string[]) => {
      const client = await open();
      await client.query("begin");
      for (const id of ids) {
        await client.query({ name: "insert", text: "insert into events (id) values ($1)", values: [id] });
      }
      await client.query("commit");
    };
    let isCut = false;
    void proxy
      .cutNextCommit("events", (sent) => sent.includes("second") && sent.includes("third"))
      .then(() => {
        isCut = true;
      });

    await insert("first");
    assert.equal(isCut, false);
    await assert.rejects(insert("second", "third"));
    assert.equal(isCut, true);
    await until(async () => (await direct.query("select from events")).rowCount === 3);
    await insert("fourth");
  });

  it("moves to another server on request, and cuts open connections", async (test) => {
    const { proxy, open } = await setUp(test);
    const before = await open();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    test.after(() => other.close());
    const reached = new Promise<void>((resolve) =>
      other.once("connection", (socket) => resolve(void socket.end())),
    );
    proxy.moveTo(`postgres://127.0.0.1:${(other.address() as AddressInfo).port}/x`);
    await assert.rejects(before.query("select 1"));
    await assert.rejects(open());
    await reached;
  });

  it("ignores transactions that are rolled back", async (test) => {
    const { proxy, open } = await setUp(test);
    const client = await open();
    await client.query("create table attempts (id text)");
    void proxy.cutNextCommit("attempts", () => true);

    await client.query("begin");
    await client.query("insert into attempts (id) values ('a')");
    await client.query("rollback");

    assert.equal((await client.query("select from attempts")).rowCount, 0);
  });
});

async function setUp(test: TestContext) {
  const database = await makePostgres({ isEmpty: true });
  const direct = new pg.Client({ connectionString: database.databaseUrl ?? "" });
  await direct.connect();
  const proxy = await startCommitProxy(database.databaseUrl ?? "");
  test.after(async () => {
    await proxy.close();
    await direct.end();
    await database.remove();
  });
  const open = async () => {
    const client = new pg.Client({ connectionString: proxy.url });
    // The proxy cuts connections on purpose.
    client.on("error", () => undefined);
    await client.connect();
    return client;
  };
  return { proxy, direct, open };
}
