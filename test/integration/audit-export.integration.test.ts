import assert from "node:assert/strict";
import { type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { after, afterEach, before, beforeEach, it } from "node:test";
import type { KyselyPlugin } from "kysely";
import { walkAudit } from "../../src/audit/list-audit.ts";
import { newId } from "../../src/db/new-id.ts";
import { createApp } from "../../src/http/app.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";
import { until } from "../support/until.ts";

const EXPORT = "/api/audit-log/export";
/** Entries so large that a reader who stops reading has filled every buffer long before the last page. */
const ENTRIES = 2000;
const METADATA = JSON.stringify({ note: "x".repeat(20_000) });
const PAGE_ROWS = 50;
const NO_FILTER = {
  action: null,
  exceptAction: null,
  actorKind: null,
  actorId: null,
  targetId: null,
  createdFrom: null,
  createdBefore: null,
};

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let app: ServedApp;
  let url: string;
  let closeServer: () => Promise<void>;
  let pagesRead = 0;

  before(async () => {
    database = await makeDatabase();
    app = await serveTestApp(database);
    await writeEntries(app);
    const counting: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        if (result.rows.some((row) => "metadata" in row)) pagesRead++;
        return result;
      },
    };
    const { services } = app.context;
    const server = await createApp({
      ...services,
      instance: { ...services.instance, db: services.instance.db.withPlugin(counting) },
    });
    await server.listen({ host: "127.0.0.1", port: 0 });
    url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
    closeServer = () => server.close();
  });
  beforeEach(() => {
    pagesRead = 0;
  });
  after(async () => {
    await closeServer();
    await app.close();
    await database.remove();
  });

  const begun: IncomingMessage[] = [];
  afterEach(() => {
    for (const one of begun.splice(0)) one.destroy();
  });
  const begin = async (key = app.api.key): Promise<IncomingMessage> => {
    const headers = { authorization: `Bearer ${key}` };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(`${url}${EXPORT}`, { headers }, resolve).on("error", reject).end();
    });
    begun.push(response);
    return response;
  };
  const refusal = async (response: IncomingMessage) => {
    let text = "";
    for await (const chunk of response) text += String(chunk);
    return JSON.parse(text);
  };

  /** Waits until ten other requests in a row have completed without a page being read. */
  const noMoreAreRead = async () => {
    let before = pagesRead;
    for (let idleTurns = 0; idleTurns < 10; idleTurns++) {
      await app.api.get("/api/audit-log?limit=100");
      if (pagesRead === before) continue;
      before = pagesRead;
      idleTurns = -1;
    }
  };

  it("reads pages only as fast as the reader takes them, and stops when the reader disconnects", async () => {
    const reading = await begin();
    assert.equal(reading.statusCode, 200);
    await until(() => pagesRead > 0);
    // Some pages fill the buffers; then no more are read, however long the reader waits.
    await noMoreAreRead();
    assert.ok(pagesRead < ENTRIES / PAGE_ROWS, `${pagesRead} pages were read for nobody`);
    reading.destroy();
    await noMoreAreRead();
    const before = pagesRead;
    const whole = await begin();
    let records = 0;
    for await (const chunk of whole) records += String(chunk).split("\r\n").length - 1;
    assert.ok(records > ENTRIES);
    assert.ok(pagesRead - before <= ENTRIES / PAGE_ROWS + 2, `${pagesRead} pages were read`);
  });

  it("allows two concurrent exports per workspace, independently of other workspaces", async () => {
    const open = [await begin(), await begin()];
    const refused = await begin();
    assert.equal(refused.statusCode, 429);
    assert.ok(Number(refused.headers["retry-after"]) > 0);
    const { code, detail } = await refusal(refused);
    assert.equal(code, "rate_limited");
    assert.match(detail, /exports under way.*Wait until one ends/);
    const other = await begin((await app.makeKey(await app.makeWorkspace())).key);
    assert.equal(other.statusCode, 200);
    other.resume();
    for (const one of open) one.destroy();
    await until(async () => {
      const again = await begin();
      again.destroy();
      return again.statusCode === 200;
    });
  });

  it("yields to other work before each page", async () => {
    let [rounds, isEnded] = [0, false];
    const count = () => {
      rounds++;
      if (!isEnded) setImmediate(count);
    };
    count();
    let before = rounds;
    let pages = 0;
    for await (const page of walkAudit(app.context.store.db, app.workspaceId, NO_FILTER, 10)) {
      assert.ok(page.length > 0 && rounds > before, `no round before page ${++pages}`);
      before = rounds;
    }
    isEnded = true;
  });
});

async function writeEntries({ context, workspaceId, clock }: ServedApp): Promise<void> {
  for (let written = 0; written < ENTRIES; written += 100) {
    const rows = Array.from({ length: 100 }, (_, index) => ({
      id: newId(),
      workspace_id: workspaceId,
      action: "connection.paused",
      actor_kind: "system" as const,
      actor_id: null,
      actor_name: "Test",
      target_kind: "connection",
      target_id: null,
      address: null,
      metadata: METADATA,
      created_at: clock.now + written + index,
    }));
    await context.store.db.insertInto("audit_entries").values(rows).execute();
  }
}
