import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ApiClient } from "../support/api-client.ts";
import { forEachDatabase } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { invite, JOINERS_PASSWORD, joinAs } from "../support/join.ts";

const UNKNOWN_ID = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11";
const HOOK = { webhook_url: "https://hooks.zapier.com/hooks/catch/123/abc" };

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  let owner: ApiClient;
  before(async () => {
    instance = await startInstance(makeDatabase);
    owner = instance.owner;
  });
  after(() => instance.remove());

  const currentOf = async (client: ApiClient) => (await client.get("/api/session")).body.data.workspace;
  const make = async (client: ApiClient, name: string): Promise<string> => {
    const created = await client.post("/api/workspaces", { name });
    assert.equal(created.status, 201, created.text);
    return created.body.data.id;
  };
  const enter = (client: ApiClient, id: string) => client.post(`/api/workspaces/${id}/switch`);

  describe("workspaces", () => {
    it("are created empty by owners and admins, who own them and enter them immediately", async () => {
      const { client, name, userId } = await joinAs(owner, "admin");
      await client.post("/api/integrations/webhook", HOOK);
      const created = await client.post("/api/workspaces", { name: "  Staging  " });
      assert.equal(created.status, 201);
      const { id } = created.body.data;
      assert.deepEqual(created.body.data, { id, name: "Staging", role: "owner", is_current: true });
      const session = (await client.get("/api/session")).body.data;
      assert.deepEqual([session.workspace, session.role], [{ id, name: "Staging" }, "owner"]);
      assert.deepEqual((await client.get("/api/integrations/connections")).body.data, []);
      assert.deepEqual((await client.get("/api/api-keys")).body.data, []);
      const entries = (await client.get("/api/audit-log")).body.data;
      assert.deepEqual(
        entries.map(({ action, actor, target }: { action: string; actor: object; target: object }) => ({
          action,
          actor: (actor as { id: string; name: string }).name,
          by: (actor as { id: string }).id,
          target,
        })),
        [{ action: "workspace.created", actor: name, by: userId, target: { kind: "workspace", id } }],
      );
      const connected = await client.post("/api/integrations/webhook", HOOK);
      assert.equal((await owner.get(`/api/integrations/connections/${connected.body.data.id}`)).status, 404);
      assert.deepEqual((await client.get("/api/workspaces")).body.data, [
        { ...(await currentOf(owner)), role: "admin", is_current: false },
        { id, name: "Staging", role: "owner", is_current: true },
      ]);
      const { client: viewer } = await joinAs(owner, "viewer");
      assert.equal((await viewer.post("/api/workspaces", { name: "Mine" })).status, 403);
      assert.equal((await instance.api.post("/api/workspaces", { name: "Mine" })).status, 403);
      for (const bad of [{}, { name: " " }, { name: "x".repeat(101) }, { name: "a\u0000b" }]) {
        assert.equal((await client.post("/api/workspaces", bad)).body.code, "validation_failed");
      }
    });

    it("are switched per session, by members only", async () => {
      const { client, email } = await joinAs(owner, "viewer");
      const home = await currentOf(owner);
      const { client: other } = await joinAs(owner, "admin");
      const away = await make(other, "Away");
      await client.post("/api/invitations/accept", { token: await invite(other, email, "admin") });
      const elsewhere = new ApiClient(owner.url);
      await elsewhere.post("/api/session", { email, password: JOINERS_PASSWORD });
      assert.equal((await currentOf(elsewhere)).id, home.id, "a new session is in the one joined first");
      const switched = await enter(client, home.id);
      assert.deepEqual(
        [switched.status, switched.body.data.workspace.id, switched.body.data.role],
        [200, home.id, "viewer"],
      );
      await enter(elsewhere, away);
      assert.equal((await currentOf(client)).id, home.id);
      assert.deepEqual(await currentOf(elsewhere), { id: away, name: "Away" });
      assert.equal((await elsewhere.get("/api/session")).body.data.role, "admin");
      for (const response of [
        await enter(owner, away),
        await owner.post(`/api/workspaces/${away}/leave`),
        await enter(owner, UNKNOWN_ID),
      ]) {
        assert.deepEqual([response.status, response.body.code], [404, "not_found"]);
      }
      assert.equal((await currentOf(owner)).id, home.id);
      assert.equal((await instance.api.post(`/api/workspaces/${home.id}/switch`)).status, 403);
      assert.equal((await enter(client, "none")).body.code, "invalid_id");
    });

    it("that a session has lost access to are replaced by another one of the same person", async () => {
      const { client, email, memberId } = await joinAs(owner, "viewer");
      const home = await currentOf(owner);
      const { client: other } = await joinAs(owner, "admin");
      const away = await make(other, "Lost");
      await client.post("/api/invitations/accept", { token: await invite(other, email, "admin") });
      assert.equal((await currentOf(client)).id, away);
      const members = (await other.get("/api/members")).body.data;
      const there = members.find((one: { email: string }) => one.email === email);
      assert.equal((await other.delete(`/api/members/${there.id}`)).status, 204);
      const session = (await client.get("/api/session")).body.data;
      assert.deepEqual([session.workspace.id, session.role], [home.id, "viewer"]);
      assert.equal((await owner.delete(`/api/members/${memberId}`)).status, 204);
      assert.equal((await client.get("/api/session")).status, 401);
      const store = instance.database.open();
      // A session in a workspace that the person never joined.
      await joinAs(owner, "viewer");
      const stray = await joinAs(owner, "viewer");
      await store.db
        .updateTable("sessions")
        .set({ active_workspace_id: away })
        .where("user_id", "=", stray.userId)
        .execute();
      await store.close();
      assert.equal((await currentOf(stray.client)).id, home.id);
    });

    it("can be left: the session continues in another one, or ends with the last", async () => {
      const { client, email, name } = await joinAs(owner, "admin");
      const home = await currentOf(owner);
      const { client: other } = await joinAs(owner, "admin");
      const away = await make(other, "Left");
      await client.post("/api/invitations/accept", { token: await invite(other, email, "viewer") });
      assert.equal((await client.post(`/api/workspaces/${away}/leave`)).status, 204);
      assert.equal((await currentOf(client)).id, home.id);
      const [entry] = (await other.get("/api/audit-log?action=member.left")).body.data;
      assert.deepEqual([entry.actor.name, entry.metadata], [name, { name, role: "viewer" }]);
      assert.equal((await client.post(`/api/workspaces/${away}/leave`)).status, 404);
      assert.equal((await client.post(`/api/workspaces/${home.id}/leave`)).status, 204);
      assert.equal((await client.get("/api/session")).status, 401);
      const signIn = await new ApiClient(owner.url).post("/api/session", {
        email,
        password: JOINERS_PASSWORD,
      });
      assert.equal(signIn.body.code, "no_workspace");
    });

    it("are limited to 100 per person", async () => {
      const { client, userId } = await joinAs(owner, "admin");
      const store = instance.database.open();
      const created_at = new Date().toISOString();
      for (let index = 0; index < 99; index++) {
        const id = `${userId.slice(0, -4)}${String(index).padStart(4, "0")}`;
        await store.db.insertInto("workspaces").values({ id, name: "Many", slug: id, created_at }).execute();
        const member = { id, workspace_id: id, user_id: userId, role: "viewer", created_at } as const;
        await store.db.insertInto("members").values(member).execute();
      }
      await store.close();
      assert.equal((await client.get("/api/workspaces")).body.data.length, 100);
      const over = await client.post("/api/workspaces", { name: "Too many" });
      assert.deepEqual([over.status, over.body.code], [409, "limit_reached"]);
    });
  });

  describe("a request that names its workspace", () => {
    it("is refused after the session was switched to another workspace", async () => {
      const { client } = await joinAs(owner, "admin");
      const home = await currentOf(client);
      const shows = (id: string) => ({ "opensend-workspace": id });
      assert.equal((await client.get("/api/integrations", shows(home.id))).status, 200);
      const away = await make(client, "Other tab");
      for (const response of [
        await client.post("/api/integrations/webhook", HOOK, shows(home.id)),
        await client.get("/api/integrations", shows(home.id)),
        await client.post(`/api/workspaces/${home.id}/leave`, undefined, shows(home.id)),
      ]) {
        assert.deepEqual([response.status, response.body.code], [409, "workspace_changed"]);
      }
      assert.deepEqual((await client.get("/api/integrations/connections")).body.data, []);
      const created = await client.post("/api/integrations/webhook", HOOK, shows(away));
      assert.equal(created.status, 201);
      assert.equal((await instance.api.get("/api/integrations", shows(away))).status, 200, "a key has one");
    });
  });
});
