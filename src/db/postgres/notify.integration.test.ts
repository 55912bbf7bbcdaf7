import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import pg from "pg";
import { makePostgres, type TestDatabase } from "../../../test/support/databases.ts";
import { type Bus, openBus } from "../notify.ts";

const DEADLINE_MS = 20_000;
const LOOK_AGAIN_MS = 5;

type Listener = {
  readonly bus: Bus;
  readonly received: string[];
  readonly errors: string[];
  gaps: number;
};

describe("the bus between processes", () => {
  let database: TestDatabase;
  let admin: pg.Client;
  const opened: Bus[] = [];

  before(async () => {
    database = await makePostgres();
    admin = new pg.Client({ connectionString: database.databaseUrl ?? "" });
    await admin.connect();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((bus) => bus.close()));
  });
  after(async () => {
    await admin.end();
    await database.remove();
  });

  const open = async (databaseUrl = database.databaseUrl): Promise<Listener> => {
    const errors: string[] = [];
    const bus = openBus({
      databaseUrl,
      listenUrl: null,
      onListening: () => undefined,
      onError: (error) => errors.push(error.message),
    });
    opened.push(bus);
    const listener: Listener = { bus, received: [], errors, gaps: 0 };
    bus.subscribe(
      "due",
      (messages) => listener.received.push(...messages),
      () => {
        listener.gaps++;
      },
    );
    await bus.start();
    return listener;
  };

  const OF_THE_BUS =
    "from pg_stat_activity where application_name = 'opensend bus' and datname = current_database()";

  const cutConnections = () => admin.query(`select pg_terminate_backend(pid) ${OF_THE_BUS}`);

  it("carries messages to every other process in order, but not back to the sender", async () => {
    const [a, b, c] = [await open(), await open(), await open()];
    a.bus.publish("due", ["1", "2"]);
    a.bus.publish("due", ["3"]);
    await until(() => b.received.length >= 3 && c.received.length >= 3);
    b.bus.publish("due", ["4"]);
    await until(() => a.received.length >= 1 && c.received.length >= 4);
    assert.deepEqual([a.received, b.received, c.received], [["4"], ["1", "2", "3"], ["1", "2", "3", "4"]]);
  });

  it("keeps channels separate", async () => {
    const [a, b] = [await open(), await open()];
    const changes: string[] = [];
    b.bus.subscribe(
      "changes",
      (messages) => changes.push(...messages),
      () => undefined,
    );
    a.bus.publish("interest", ["nobody subscribed"]);
    a.bus.publish("changes", ["c"]);
    a.bus.publish("due", ["d"]);
    await until(() => changes.length > 0 && b.received.length > 0);
    assert.deepEqual([changes, b.received], [["c"], ["d"]]);
  });

  it("carries a burst of 10,000 messages completely", async () => {
    const [a, b] = [await open(), await open()];
    const messages = Array.from({ length: 10_000 }, (_, index) => `${index}-${"x".repeat(40)}`);
    for (const message of messages) a.bus.publish("due", [message]);
    await until(() => b.received.length >= messages.length);
    assert.deepEqual(b.received, messages);
    assert.deepEqual([b.gaps, b.errors, a.errors], [0, [], []]);
  });

  it("reports a gap when too many messages wait", async () => {
    const [a, b] = [await open(), await open()];
    for (let index = 0; index < 60_000; index++) a.bus.publish("due", [String(index)]);
    await until(() => b.gaps > 0);
    a.bus.publish("due", ["after"]);
    await until(() => b.received.includes("after"));
  });

  it("reports a gap and continues whenever its connection is cut", async () => {
    const [a, b] = [await open(), await open()];
    for (let round = 1; round <= 3; round++) {
      const gaps = b.gaps;
      await cutConnections();
      await until(() => b.gaps > gaps);
      const word = `round ${round}`;
      await until(() => {
        a.bus.publish("due", [word]);
        return b.received.includes(word);
      });
    }
    assert.ok(b.errors.length >= 3);
  });

  it("reports a gap to the others when it was disconnected", async () => {
    const a = await open();
    await cutConnections();
    const b = await open();
    await until(() => a.errors.length > 0);
    a.bus.publish("due", ["lost"]);
    await until(() => b.gaps > 0);
    a.bus.publish("due", ["end"]);
    await until(() => b.received.includes("end"));
    assert.deepEqual([b.received, b.errors], [["end"], []]);
  });

  it("starts without a server, and publishing does not fail", async () => {
    const nowhere = await open("postgres://postgres@127.0.0.1:1/nowhere");
    nowhere.bus.publish("due", ["x"]);
    assert.equal(nowhere.errors.length, 1);
    await nowhere.bus.close();
  });

  it("survives a subscriber that throws", async () => {
    const [a, b] = [await open(), await open()];
    b.bus.subscribe(
      "changes",
      () => {
        throw new Error("on purpose");
      },
      () => undefined,
    );
    a.bus.publish("changes", ["x"]);
    a.bus.publish("due", ["y"]);
    await until(() => b.received.length > 0 && b.errors.length > 0);
    assert.deepEqual(b.errors, ["on purpose"]);
  });

  it("sends waiting messages before it closes", async () => {
    const [a, b] = [await open(), await open()];
    a.bus.publish("due", ["last words"]);
    await a.bus.close();
    await until(() => b.received.length > 0);
  });

  it("is silent on the embedded database", async () => {
    const alone = await open(null);
    alone.bus.publish("due", ["x"]);
    assert.deepEqual([alone.received, alone.errors], [[], []]);
  });
});

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!holds()) {
    assert.ok(Date.now() < deadline, "did not come true in time");
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
