import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "../command-error.ts";
import { readConfig } from "./read-config.ts";

const read = (text: string, environment: Record<string, string> = {}) =>
  readConfig(text, "opensend.yaml", environment);

async function refusal(text: string): Promise<string> {
  const error = await read(text).then(
    () => assert.fail("was accepted"),
    (error: unknown) => error as Error,
  );
  assert.ok(error instanceof UsageError, String(error));
  return error.message;
}

describe("a configuration file", () => {
  it("contains connections by external id, and keys by name", async () => {
    const text = `
event_types: [order.*, user.created]
connections:
  crm:
    name: CRM
    webhook_url: \${CRM_URL}
    event_types: [order.paid, "*"]
    metadata: { customer: "42" }
keys:
  shop: { access: sending_access, event_types: [order.*], file: shop.key }
`;
    const config = await read(text, { CRM_URL: "https://a.example/x" });
    assert.deepEqual(Object.fromEntries(config.connections), {
      crm: {
        name: "CRM",
        webhook_url: "https://a.example/x",
        event_types: ["order.paid", "*"],
        metadata: { customer: "42" },
      },
    });
    assert.deepEqual(config.keys, [
      { name: "shop", access: "sending_access", eventTypes: ["order.*"], file: "shop.key" },
    ]);
    assert.deepEqual(config.notes, []);
  });

  it("can be empty", async () => {
    for (const text of ["", "# nothing\n", "connections:\n"]) {
      const { connections, keys } = await read(text);
      assert.deepEqual([connections.size, keys.length], [0, 0]);
    }
  });

  it("can share settings by anchors", async () => {
    const text = "connections:\n  a: &a { ordered: true }\n  b: { <<: *a, name: B }\n";
    assert.deepEqual((await read(text)).connections.get("b"), { ordered: true, name: "B" });
  });

  it("gets a note for each secret written in plain text", async () => {
    const { notes } = await read(
      "connections:\n  crm: { webhook_url: https://a.example/t0ken, signing_secret: hunter2 }\n",
    );
    assert.equal(notes.length, 2);
    assert.match(notes[0] ?? "", /^connections\.crm\.webhook_url is written in the file/);
    assert.doesNotMatch(notes.join(), /t0ken|hunter2/);
  });

  it("is refused with every fault and its place", async () => {
    const text = `
event_types: [order.*]
connections:
  crm: { webhook_url: "\${NONE}", event_types: [ordr.paid] }
  list: [1]
keys:
  shop: { access: sending_access, name: x }
other: 1
`;
    assert.deepEqual((await refusal(text)).split("\n"), [
      "opensend.yaml is not valid:",
      "  - connections.crm.webhook_url: the environment variable NONE is not set.",
      "  - other: is not known. A file has connections, keys and event_types.",
      "  - connections.list: must have members, such as `name: value`.",
      "  - keys.shop.name: is not known. A key has access, event_types, file.",
      "  - keys.shop.file: is missing.",
      "  - connections.crm.event_types: ordr.paid matches nothing in event_types.",
    ]);
  });

  for (const [what, text] of [
    ["an open quotation mark", 'connections:\n  crm:\n    signing_secret: "hunter2'],
    ["a member twice", "connections:\n  crm: { name: hunter2 }\n  crm: { name: hunter2 }"],
    ["several documents", "connections: {}\n---\nkeys: { hunter2: 1 }"],
    ["an alias without an anchor", "connections: *hunter2"],
    ["tabs", "connections:\n\thunter2: 1"],
  ] as const) {
    it(`is refused with ${what}, without quoting any of it`, async () => {
      const message = await refusal(text);
      assert.match(message, /^opensend\.yaml is not valid YAML/);
      assert.doesNotMatch(message, /hunter2/);
    });
  }
});
