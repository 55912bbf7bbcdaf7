import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { ApiClient } from "../support/api-client.ts";
import { forEachDatabase } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { runCommand } from "../support/server.ts";

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  before(async () => {
    instance = await startInstance(makeDatabase);
  });
  after(() => instance.remove());

  const create = (...options: string[]) =>
    runCommand(
      ["api-keys", "create", "--name", "Zapier", "--access", "connections", ...options],
      instance.environment,
    );

  it("creates connection keys from the command line, limited to event types or replacing other keys", async () => {
    const first = await create("--event-types", "order.*, user.created");
    assert.equal(first.code, 0, first.stderr);
    const client = new ApiClient(instance.server.url, { key: first.stdout.trim() });
    const { data } = (await client.get("/api/me")).body;
    assert.deepEqual([data.access, data.event_types], ["connections", ["order.*", "user.created"]]);
    const second = await create("--replaces", data.key.id);
    assert.equal(second.code, 0, second.stderr);
    const listed = await instance.owner.get("/api/api-keys");
    assert.equal(listed.body.data[0].replaces, data.key.id);
  });
});

it("refuses invalid options for a new key before it opens the database", async () => {
  const wrong = [
    ["--event-types", "*"],
    ["--event-types", ""],
    ["--replaces", "the old one"],
    ["--access", "full_access", "--event-types", "order.*"],
  ];
  const options = ["api-keys", "create", "--name", "Zapier", "--access", "connections"];
  const refused = await Promise.all(wrong.map((one) => runCommand([...options, ...one], {})));
  for (const { code, stdout, stderr } of refused) {
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /(?:--event-types|The id is not)/);
  }
});
