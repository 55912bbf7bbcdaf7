import assert from "node:assert/strict";
import { it } from "node:test";
import { ApiClient, OWNER } from "../support/api-client.ts";
import { makeSqlite } from "../support/databases.ts";
import { freePort, type RunningServer, startServer } from "../support/server.ts";

async function withServer(
  environment: Record<string, string>,
  use: (server: RunningServer) => Promise<void>,
): Promise<void> {
  const database = await makeSqlite();
  const all = { ...database.environment, ...environment };
  const server = await startServer(all, { dataDir: database.dataDir });
  try {
    await use(server);
  } finally {
    await server.stop();
    await database.remove();
  }
}

/** The name of the session cookie, and the description that the instance serves. */
async function readBoth(server: RunningServer, url = server.url) {
  const token = new URL(server.setupUrl ?? "").searchParams.get("token");
  const api = new ApiClient(url);
  const created = await api.post("/api/setup", { token, ...OWNER });
  assert.equal(created.status, 201, created.text);
  const cookies = created.headers.getSetCookie().map((cookie) => cookie.split("=")[0]);
  return { cookies, description: (await api.get("/openapi.json")).body };
}

it("describes the instance with its own address and the name of its session cookie", () =>
  withServer({}, async (server) => {
    const { cookies, description } = await readBoth(server);
    assert.deepEqual(description.servers, [{ url: server.url }]);
    assert.deepEqual(cookies, [description.components.securitySchemes.session.name]);
    assert.match(cookies[0] ?? "", /^opensend_\d+\.session_token$/);
  }));

it("describes the instance with its public URL behind a proxy", async () => {
  const port = String(await freePort());
  const environment = { PORT: port, OPENSEND_PUBLIC_URL: "https://send.example.com" };
  await withServer(environment, async (server) => {
    const { cookies, description } = await readBoth(server, `http://127.0.0.1:${port}`);
    assert.deepEqual(description.servers, [{ url: "https://send.example.com" }]);
    assert.deepEqual(cookies, [description.components.securitySchemes.session.name]);
    assert.deepEqual(cookies, ["__Host-opensend.session_token"]);
  });
});
