import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { ApiClient, ApiResponse } from "../support/api-client.ts";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";

const HOOK = "https://hooks.zapier.com/hooks/catch/123/abc";

type Creation = { readonly path: string; readonly body?: object; readonly status?: number };

const CREATIONS: readonly Creation[] = [
  { path: "/api/integrations/webhook", body: { webhook_url: HOOK } },
  { path: "/api/integrations/inspector" },
  { path: "/api/api-keys", body: { name: "CI", access: "sending_access" } },
  { path: "/api/invitations", body: { email: "guest@example.com", role: "viewer" } },
  { path: "/api/deliveries/replay", body: { filter: {} }, status: 202 },
  { path: "/api/workspaces", body: { name: "Second" } },
];

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  let owner: ApiClient;
  before(async () => {
    instance = await startInstance(makeDatabase);
    owner = instance.owner;
  });
  after(() => instance.remove());

  const idOf = ({ body }: ApiResponse) => body.data.id;

  for (const { path, body, status = 201 } of CREATIONS) {
    it(`POST ${path} returns the Location of its object`, async () => {
      const created = await owner.post(path, body);
      checkResponse("POST", path, created);
      assert.equal(created.status, status);
      const location = created.headers.get("location") ?? "";
      const read = await owner.get(location);
      assert.equal(read.status, 200, read.text);
      assert.equal(idOf(read), idOf(created));
      const described = location.replace(idOf(created), "{id}");
      checkResponse("GET", described, read);
      const asWritten = idOf(created).toUpperCase();
      const again = await owner.get(location.replace(idOf(created), asWritten));
      assert.equal(again.status, 200, "an id is the same in upper case");
    });
  }

  it("never shows the key or the link again", async () => {
    const key = await owner.post("/api/api-keys", { name: "Once", access: "sending_access" });
    const invitation = await owner.post("/api/invitations", { email: "eve@example.com", role: "viewer" });
    const secrets = [key.body.key, invitation.body.url.split("#")[1]];
    for (const created of [key, invitation]) {
      const read = await owner.get(created.headers.get("location") ?? "");
      for (const secret of secrets) assert.ok(!read.text.includes(secret));
    }
  });

  it("finds nothing in another workspace", async () => {
    const key = await owner.post("/api/api-keys", { name: "Mine", access: "sending_access" });
    const invitation = await owner.post("/api/invitations", { email: "eve@example.com", role: "viewer" });
    await owner.post("/api/workspaces", { name: "Third" });
    for (const created of [key, invitation]) {
      const read = await owner.get(created.headers.get("location") ?? "");
      assert.equal(read.status, 404, read.text);
    }
  });
});
