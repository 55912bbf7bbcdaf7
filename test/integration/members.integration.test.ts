import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ApiClient, OWNER } from "../support/api-client.ts";
import { forEachDatabase } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { invite, JOINERS_PASSWORD, joinAs, ownMemberId } from "../support/join.ts";

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  let owner: ApiClient;
  let ownerId: string;
  before(async () => {
    instance = await startInstance(makeDatabase);
    owner = instance.owner;
    ownerId = await ownMemberId(owner);
  });
  after(() => instance.remove());

  const codes = (responses: readonly { status: number; body: { code?: string } | null }[]) =>
    responses.map(({ status, body }) => `${status}${body?.code === undefined ? "" : ` ${body.code}`}`);
  const lastAudit = async (action: string, client = owner) =>
    (await client.get(`/api/audit-log?action=${action}&limit=1`)).body.data[0];
  /** A separate workspace with one owner, so that roles in other tests do not matter. */
  const anotherWorkspace = async () => {
    const { client, memberId } = await joinAs(owner, "admin");
    assert.equal((await client.post("/api/workspaces", { name: "Apart" })).status, 201);
    return { first: client, firstId: await ownMemberId(client), ownerMemberId: memberId };
  };

  describe("members", () => {
    it("are listed to people and full-access keys in the order of joining, page by page", async () => {
      const viewer = await joinAs(owner, "viewer", "Vera");
      const list = (await viewer.client.get("/api/members")).body;
      const [first] = list.data;
      assert.deepEqual(
        [first.id, first.name, first.email, first.role, first.is_you],
        [ownerId, OWNER.name, OWNER.email, "owner", false],
      );
      const own = list.data.find((one: { id: string }) => one.id === viewer.memberId);
      assert.deepEqual(
        [own.name, own.role, own.is_you, own.user_id],
        ["Vera", "viewer", true, viewer.userId],
      );
      assert.ok(Math.abs(Date.parse(own.last_seen_at) - Date.now()) < 60_000);
      assert.ok(Math.abs(Date.parse(own.joined_at) - Date.now()) < 60_000);

      const byKey = (await instance.api.get("/api/members")).body.data;
      assert.deepEqual(
        byKey.map((one: { is_you: boolean }) => one.is_you),
        byKey.map(() => false),
      );
      const paged: string[] = [];
      let cursor: string | null = null;
      do {
        const query: string = cursor === null ? "" : `&cursor=${cursor}`;
        const page: { data: { id: string }[]; next_cursor: string | null } = (
          await owner.get(`/api/members?limit=1${query}`)
        ).body;
        paged.push(...page.data.map((one) => one.id));
        cursor = page.next_cursor;
      } while (cursor !== null);
      assert.deepEqual(
        paged,
        byKey.map((one: { id: string }) => one.id),
      );
      await viewer.client.delete("/api/session");
      const after = (await owner.get("/api/members")).body.data;
      assert.equal(after.find((one: { id: string }) => one.id === viewer.memberId).last_seen_at, null);
    });

    it("get a changed role immediately, with an entry in the audit log", async () => {
      const { client, memberId, name } = await joinAs(owner, "viewer");
      assert.equal((await client.post("/api/api-keys", { name: "k", access: "full_access" })).status, 403);
      const changed = await owner.patch(`/api/members/${memberId}`, { role: "admin" });
      assert.equal(changed.status, 200, changed.text);
      assert.deepEqual([changed.body.data.id, changed.body.data.role], [memberId, "admin"]);
      assert.equal((await client.post("/api/api-keys", { name: "k", access: "full_access" })).status, 201);
      const entry = await lastAudit("member.role_changed");
      assert.deepEqual(entry.target, { kind: "member", id: memberId });
      assert.deepEqual(entry.metadata, { name, from: "viewer", to: "admin" });
      assert.equal(entry.actor.name, OWNER.name);
      await owner.patch(`/api/members/${memberId}`, { role: "admin" });
      assert.equal((await lastAudit("member.role_changed")).id, entry.id, "the same role again is no change");
    });

    it("are changed and removed only by owners and admins in a session, never by a key", async () => {
      const [viewer, other] = [await joinAs(owner, "viewer"), await joinAs(owner, "viewer")];
      for (const client of [viewer.client, instance.api]) {
        assert.deepEqual(
          codes([
            await client.patch(`/api/members/${other.memberId}`, { role: "admin" }),
            await client.delete(`/api/members/${other.memberId}`),
            await client.post("/api/invitations", { email: "x@example.com", role: "viewer" }),
          ]),
          ["403 forbidden", "403 forbidden", "403 forbidden"],
        );
      }
      const responses = [
        await owner.patch(`/api/members/${other.memberId}`, { role: "king" }),
        await owner.patch(`/api/members/${other.memberId}`, {}),
        await owner.patch("/api/members/none", { role: "admin" }),
        await owner.patch("/api/members/0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11", { role: "admin" }),
        await owner.delete("/api/members/0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11"),
      ];
      assert.deepEqual(codes(responses), [
        "422 validation_failed",
        "422 validation_failed",
        "400 invalid_id",
        "404 not_found",
        "404 not_found",
      ]);
    });

    it("are promoted to owner, and changed, removed or invited as owners, only by an owner", async () => {
      const admin = await joinAs(owner, "admin");
      const second = await joinAs(owner, "owner");
      const { client, memberId } = admin;
      const refused = [
        await client.patch(`/api/members/${second.memberId}`, { role: "viewer" }),
        await client.delete(`/api/members/${second.memberId}`),
        await client.patch(`/api/members/${memberId}`, { role: "owner" }),
        await client.post("/api/invitations", { email: "boss@example.com", role: "owner" }),
      ];
      assert.deepEqual(
        codes(refused),
        refused.map(() => "403 forbidden"),
      );
      for (const { body } of refused) assert.match(body.detail, /Only an owner/);
      assert.equal((await owner.patch(`/api/members/${memberId}`, { role: "owner" })).status, 200);
      assert.equal((await client.delete(`/api/members/${second.memberId}`)).status, 204);
      assert.equal((await owner.patch(`/api/members/${memberId}`, { role: "viewer" })).status, 200);
    });

    it("must be owners to revoke or replace an owner's invitation, and the audit log has the replaced role", async () => {
      const { client } = await joinAs(owner, "admin");
      const email = "boss-to-be@example.com";
      const created = (await owner.post("/api/invitations", { email, role: "owner" })).body.data;
      const before = await lastAudit("member.invited");
      assert.deepEqual(before.metadata, { name: email, role: "owner" });
      const refused = [
        await client.delete(`/api/invitations/${created.id}`),
        await client.post("/api/invitations", { email: email.toUpperCase(), role: "viewer" }),
      ];
      assert.deepEqual(codes(refused), ["403 forbidden", "403 forbidden"]);
      for (const { body } of refused) assert.match(body.detail, /Only an owner/);
      const open = (await owner.get("/api/invitations")).body.data;
      assert.deepEqual(
        open.find((one: { email: string }) => one.email === email),
        created,
      );
      assert.equal((await lastAudit("member.invited")).id, before.id);

      assert.equal((await owner.post("/api/invitations", { email, role: "admin" })).status, 201);
      const { metadata } = await lastAudit("member.invited");
      assert.deepEqual(metadata, { name: email, role: "admin", replaced_role: "owner" });
      const again = await client.post("/api/invitations", { email, role: "viewer" });
      assert.equal((await client.delete(`/api/invitations/${again.body.data.id}`)).status, 204);
    });

    it("include at least one owner, who cannot be demoted, removed or leave", async () => {
      const { first, firstId } = await anotherWorkspace();
      const { id } = (await first.get("/api/session")).body.data.workspace;
      await joinAs(first, "admin");
      const tries = [
        await first.patch(`/api/members/${firstId}`, { role: "admin" }),
        await first.delete(`/api/members/${firstId}`),
        await first.post(`/api/workspaces/${id}/leave`),
      ];
      assert.deepEqual(
        codes(tries),
        tries.map(() => "409 last_owner"),
      );
      const second = await joinAs(first, "owner");
      assert.equal((await first.post(`/api/workspaces/${id}/leave`)).status, 204);
      const only = await second.client.post(`/api/workspaces/${id}/leave`);
      assert.equal(only.body.code, "last_owner");
    });

    it("include one owner even if two demote or remove each other or leave concurrently", async () => {
      const { first, firstId } = await anotherWorkspace();
      const { id } = (await first.get("/api/session")).body.data.workspace;
      let one = { client: first, memberId: firstId };
      const actions = [
        (by: ApiClient, whom: string) => by.patch(`/api/members/${whom}`, { role: "viewer" }),
        (by: ApiClient, whom: string) => by.delete(`/api/members/${whom}`),
        (by: ApiClient, _whom: string, own: string) => by.patch(`/api/members/${own}`, { role: "admin" }),
        (by: ApiClient) => by.post(`/api/workspaces/${id}/leave`),
      ];
      const store = instance.database.open();
      for (const action of [...actions, ...actions]) {
        const two = await joinAs(one.client, "owner");
        const responses = await Promise.all([
          action(one.client, two.memberId, one.memberId),
          action(two.client, one.memberId, two.memberId),
        ]);
        const owners = await store.db
          .selectFrom("members")
          .select("id")
          .where("workspace_id", "=", id)
          .where("role", "=", "owner")
          .execute();
        assert.equal(owners.length, 1, codes(responses).join());
        one = owners[0]?.id === one.memberId ? one : two;
      }
      await store.close();
    });

    it("lose access and their open invitations immediately when removed, but their keys stay", async () => {
      const { client, memberId, email, name } = await joinAs(owner, "admin");
      const token = await invite(client, "friend@example.com");
      const { key } = (await client.post("/api/api-keys", { name: "Stays", access: "full_access" })).body;
      assert.equal((await owner.delete(`/api/members/${memberId}`)).status, 204);
      assert.deepEqual(codes([await client.get("/api/integrations"), await client.get("/api/session")]), [
        "401 unauthenticated",
        "401 unauthenticated",
      ]);
      assert.deepEqual((await lastAudit("member.removed")).metadata, {
        name,
        role: "admin",
        invitations_revoked: 1,
      });
      const lookup = await new ApiClient(owner.url).post("/api/invitations/lookup", { token });
      assert.equal(lookup.body.code, "invitation_invalid");
      assert.equal((await new ApiClient(owner.url, { key }).get("/api/integrations")).status, 200);
      assert.equal((await owner.delete(`/api/members/${memberId}`)).status, 404);

      const wrong = await new ApiClient(owner.url).post("/api/session", {
        email,
        password: "not the password",
      });
      assert.deepEqual(codes([wrong]), ["401 invalid_sign_in"], "nothing is told without the password");
      const right = await new ApiClient(owner.url).post("/api/session", {
        email,
        password: JOINERS_PASSWORD,
      });
      assert.deepEqual(codes([right]), ["403 no_workspace"]);
      assert.equal(right.headers.getSetCookie().length, 0);
      const back = new ApiClient(owner.url);
      const again = await invite(owner, email, "viewer");
      const joined = await back.post("/api/invitations/accept", { token: again, password: JOINERS_PASSWORD });
      assert.equal(joined.status, 200, joined.text);
      assert.equal(joined.body.data.role, "viewer");
      assert.equal((await client.get("/api/session")).status, 401, "sessions from before stay ended");
    });

    it("lose the keys they created when removed with `revoke_api_keys`, and no others", async () => {
      const { client, memberId, name } = await joinAs(owner, "admin");
      const keyOf = async (of: ApiClient, named: string) =>
        (await of.post("/api/api-keys", { name: named, access: "full_access" })).body.key as string;
      const [theirs, gone, others] = [
        await keyOf(client, "Theirs"),
        await keyOf(client, "Gone before"),
        await keyOf(owner, "Another's"),
      ];
      const keys = (await owner.get("/api/api-keys")).body.data as { id: string; name: string }[];
      const idOf = (named: string) => keys.find((key) => key.name === named)?.id ?? "";
      await owner.delete(`/api/api-keys/${idOf("Gone before")}`);
      const use = async (key: string) =>
        (await new ApiClient(owner.url, { key }).get("/api/integrations")).status;
      assert.deepEqual([await use(theirs), await use(gone), await use(others)], [200, 401, 200]);
      const wrong = await owner.delete(`/api/members/${memberId}?revoke_api_keys=yes`);
      assert.deepEqual(codes([wrong]), ["422 validation_failed"]);
      assert.equal((await owner.delete(`/api/members/${memberId}?revoke_api_keys=true`)).status, 204);
      assert.deepEqual([await use(theirs), await use(others)], [401, 200]);
      assert.deepEqual((await lastAudit("member.removed")).metadata, {
        name,
        role: "admin",
        api_keys_revoked: 1,
      });
      assert.equal((await lastAudit("api_key.revoked")).metadata.name, "Theirs");
    });

    it("lose the invitations they can no longer send when demoted, and no others", async () => {
      const second = await joinAs(owner, "owner");
      await invite(second.client, "an-owner@example.com", "owner");
      await invite(second.client, "an-admin@example.com", "admin");
      const open = async () =>
        (await owner.get("/api/invitations")).body.data
          .filter((one: { invited_by: { id: string } }) => one.invited_by.id === second.userId)
          .map((one: { email: string }) => one.email);
      assert.deepEqual(await open(), ["an-admin@example.com", "an-owner@example.com"]);
      await owner.patch(`/api/members/${second.memberId}`, { role: "admin" });
      assert.deepEqual(await open(), ["an-admin@example.com"]);
      await owner.patch(`/api/members/${second.memberId}`, { role: "viewer" });
      assert.deepEqual(await open(), []);
    });

    it("of another workspace and its invitations cannot be seen, changed or removed", async () => {
      const { first } = await anotherWorkspace();
      const { memberId } = await joinAs(owner, "viewer");
      await invite(owner, "elsewhere@example.com");
      const [invitation] = (await owner.get("/api/invitations")).body.data;
      assert.deepEqual(
        codes([
          await first.patch(`/api/members/${memberId}`, { role: "admin" }),
          await first.delete(`/api/members/${memberId}`),
          await first.delete(`/api/invitations/${invitation.id}`),
        ]),
        ["404 not_found", "404 not_found", "404 not_found"],
      );
      const members = (await first.get("/api/members")).body.data;
      assert.equal(members.length, 1);
      assert.deepEqual((await first.get("/api/invitations")).body.data, []);
      assert.equal((await owner.delete(`/api/invitations/${invitation.id}`)).status, 204);
    });
  });
});
