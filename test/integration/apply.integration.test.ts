import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ApiClient, setUpOwner } from "../support/api-client.ts";
import { runClient } from "../support/client-program.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { type RunningServer, startServer } from "../support/server.ts";

const SECRETS = { CRM_SECRET: "first-secret-of-crm", CRM_TOKEN: "t0ken-of-crm" };
const NOTHING = "Nothing to do: everything is as the file says.\n";

forEachDatabase((makeDatabase) => {
  describe("opensend apply", () => {
    let database: TestDatabase;
    let server: RunningServer;
    let receiver: TestReceiver;
    let owner: ApiClient;
    let folder = "";
    let key = "";
    const outputs: string[] = [];

    const apply = async (
      text: string,
      args: readonly string[] = [],
      environment: Record<string, string> = {},
    ) => {
      writeFileSync(join(folder, "opensend.yaml"), text);
      const ended = await runClient(
        ["apply", "-f", join(folder, "opensend.yaml"), ...args],
        { url: server.url, key },
        { environment: { CRM_URL: `${receiver.url}/hook/s3cr3t-path`, ...SECRETS, ...environment } },
      );
      outputs.push(ended.stdout, ended.stderr);
      return ended;
    };
    const applied = async (...given: Parameters<typeof apply>) => {
      const ended = await apply(given[0], ["--yes", ...(given[1] ?? [])], given[2]);
      assert.equal(ended.code, 0, ended.stderr);
      return ended.stdout;
    };
    const planOf = async (...given: Parameters<typeof apply>) => {
      const ended = await apply(given[0], ["--dry-run", "--json", ...(given[1] ?? [])], given[2]);
      assert.equal(ended.code, 0, ended.stderr);
      return ended.stdout
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line))
        .map(({ action, kind, id, changes }) => [
          `${action} ${kind} ${id}`,
          ...changes.map(({ field }: { field: string }) => field),
        ]);
    };
    const connections = async () => (await owner.get("/api/integrations/connections")).body.data;

    const crm = (more = "") => `
connections:
  crm:
    name: CRM
    webhook_url: \${CRM_URL}
    signing_secret: \${CRM_SECRET}
    event_types: [order.*]
${more}`;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "opensend-apply-"));
      database = await makeDatabase();
      receiver = await startTestReceiver();
      server = await startServer(database.environment, { dataDir: database.dataDir });
      owner = await setUpOwner(server);
      key = (await owner.post("/api/api-keys", { name: "apply", access: "full_access" })).body.key;
    });
    after(async () => {
      await server.stop();
      await receiver.close();
      await database.remove();
      rmSync(folder, { recursive: true });
      for (const output of outputs) assert.doesNotMatch(output, /s3cr3t|first-secret|t0ken|second/);
    });

    it("shows a plan, asks before it changes anything, and changes nothing the second time", async () => {
      const planned = await apply(crm(), ["--dry-run"]);
      assert.equal(planned.code, 0, planned.stderr);
      assert.equal(
        planned.stdout,
        [
          "+ connection crm is created",
          '    name: "CRM"',
          "    webhook_url: set",
          "    signing_secret: set",
          "    event_types: order.*",
          "Plan: 1 to create, 0 to change, 0 to disconnect.\n",
        ].join("\n"),
      );
      const unasked = await apply(crm());
      assert.deepEqual([unasked.code, /Add --yes/.test(unasked.stderr)], [2, true]);
      assert.deepEqual(await connections(), []);
      assert.match(await applied(crm()), /Applied 1 of 1 steps\.\n$/);
      assert.equal(await applied(crm()), NOTHING);
      const [connection] = await connections();
      assert.deepEqual([connection.external_id, connection.name], ["crm", "CRM"]);
    });

    it("changes what differs, and only that", async () => {
      const before = (await connections())[0];
      const text = crm().replace("name: CRM", "name: Sales").replace("[order.*]", "[order.*, user.created]");
      assert.deepEqual(await planOf(text), [["change connection crm", "name", "event_types"]]);
      assert.match(
        await applied(text),
        /name: "CRM" → "Sales"\n {4}event_types: order\.\* → order\.\*, user\.created\n/,
      );
      const after = (await connections())[0];
      assert.deepEqual([after.id, after.name], [before.id, "Sales"]);
      assert.equal(await applied(text), NOTHING);
      await applied(crm());
    });

    it("notices a changed secret and a changed URL without reading them, and shows neither", async () => {
      assert.deepEqual(await planOf(crm(), [], { CRM_SECRET: "second-secret-of-crm" }), [
        ["change connection crm", "signing_secret"],
      ]);
      assert.deepEqual(await planOf(crm(), [], { CRM_URL: `${receiver.url}/hook/s3cr3t-2` }), [
        ["change connection crm", "webhook_url"],
      ]);
      assert.match(
        await applied(crm(), [], { CRM_SECRET: "second-secret-of-crm" }),
        /signing_secret: changed/,
      );
      assert.equal(await applied(crm(), [], { CRM_SECRET: "second-secret-of-crm" }), NOTHING);
      await applied(crm());
    });

    it("keeps connections that are not in the file, and disconnects them with --prune", async () => {
      const byHand = await owner.post("/api/integrations/webhook", {
        webhook_url: `${receiver.url}/by-hand`,
      });
      assert.equal(byHand.status, 201, byHand.text);
      const two = crm(`  shop:\n    webhook_url: \${CRM_URL}\n`);
      await applied(two);
      assert.equal(await applied(crm()), NOTHING);
      assert.deepEqual(await planOf(crm(), ["--prune"]), [["disconnect connection shop"]]);
      await applied(crm(), ["--prune"]);
      assert.equal(await applied(crm(), ["--prune"]), NOTHING);
      const left = (await connections()).map(
        ({ external_id }: { external_id: string | null }) => external_id,
      );
      assert.deepEqual(left.sort(), ["crm", null]);
      await applied(two);
      await applied(crm(), ["--prune"]);
    });

    it("reports invalid settings and missing variables by position, before anything is changed", async () => {
      const wrong = crm(
        "  bad:\n    webhook_url: ${CRM_URL}\n    event_types: ['a b']\n    colour: red\n",
      ).replace("name: CRM", "name: Other");
      const ended = await apply(wrong, ["--yes"]);
      assert.equal(ended.code, 1);
      assert.match(ended.stderr, /^connections\.bad: Not valid/);
      assert.match(ended.stderr, /event_types/);
      assert.equal(
        (await connections()).find(({ external_id }: { external_id: string }) => external_id === "crm").name,
        "CRM",
      );
      const missing = await apply(crm("  bad: { webhook_url: '${NOT_SET}' }"), ["--yes"]);
      assert.equal(missing.code, 2);
      assert.match(
        missing.stderr,
        /connections\.bad\.webhook_url: the environment variable NOT_SET is not set/,
      );
    });

    it("accepts the example file from the documentation", async () => {
      const docs = readFileSync(join(import.meta.dirname, "..", "..", "docs", "cli.md"), "utf8");
      const [, text = ""] = /^```yaml\n(.*?)^```/ms.exec(docs) ?? [];
      const plan = await planOf(text.replace("shop.key", join(folder, "documented.key")), [], {
        CRM_WEBHOOK_URL: receiver.url,
        CRM_SIGNING_SECRET: "first-secret-of-crm",
        WAREHOUSE_WEBHOOK_URL: receiver.url,
      });
      assert.deepEqual(plan, [
        ["change connection crm", "metadata", "webhook_url", "ordered"],
        ["create connection warehouse", "webhook_url", "event_types"],
        ["create key shop", "access", "event_types", "file"],
      ]);
    });

    it("works with a key that manages its own connections, for those only", async () => {
      const created = await owner.post("/api/api-keys", { name: "own", access: "connections" });
      const before = key;
      key = created.body.key;
      const text = "connections:\n  own: { webhook_url: '${CRM_URL}' }\n";
      assert.match(await applied(text), /\+ connection own is created/);
      assert.equal(await applied(text, ["--prune"]), NOTHING, "it does not see what others have created");
      const others = await apply(crm(), ["--yes"]);
      assert.deepEqual([others.code, /^connections\.crm: /.test(others.stderr)], [1, true]);
      key = before;
      await applied(crm(), ["--prune"]);
    });

    it("creates each key once, in a file that only its owner can read", async () => {
      const file = join(folder, "shop.key");
      const text = `keys:\n  shop: { access: sending_access, file: ${file} }\n`;
      assert.deepEqual(await planOf(text), [["create key shop", "access", "file"]]);
      assert.match(await applied(text), /Applied 1 of 1 steps/);
      assert.equal(statSync(file).mode & 0o777, 0o600);
      const created = readFileSync(file, "utf8").trim();
      const sent = await new ApiClient(server.url, { key: created }).post("/api/events", {
        type: "x",
        data: {},
      });
      assert.equal(sent.status, 202, sent.text);
      assert.equal(await applied(text), NOTHING);
      const other = await apply(text.replace("sending_access", "full_access"), ["--yes"]);
      assert.deepEqual([other.code, /keys cannot be changed/.test(other.stderr)], [1, true]);
      const taken = await apply(text.replace("shop:", "shop2:"), ["--yes"]);
      assert.deepEqual([taken.code, /exists already/.test(taken.stderr)], [1, true]);
      const nowhere = await apply(
        text.replace("shop:", "shop3:").replace(file, join(folder, "missing", "key")),
        ["--yes"],
      );
      assert.deepEqual([nowhere.code, /No key was created/.test(nowhere.stderr)], [1, true]);
      assert.equal(existsSync(join(folder, "missing")), false);
      const names = (await owner.get("/api/api-keys")).body.data.map(({ name }: { name: string }) => name);
      assert.deepEqual(names.sort(), ["apply", "own", "shop"]);
    });
  });
});
