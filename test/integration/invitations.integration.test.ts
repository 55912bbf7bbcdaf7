import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ApiClient, OWNER } from "../support/api-client.ts";
import { forEachDatabase } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { invite, JOINERS_PASSWORD, joinAs, tokenIn } from "../support/join.ts";

const DAY_MS = 86_400_000;
const password = JOINERS_PASSWORD;

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  let owner: ApiClient;
  before(async () => {
    instance = await startInstance(makeDatabase, { LOG_LEVEL: "trace" });
    owner = instance.owner;
  });
  after(() => instance.remove());

  const anonymous = () => new ApiClient(instance.server.url);
  const lookUp = (token: string, client = anonymous()) => client.post("/api/invitations/lookup", { token });
  const accept = (input: object, client = anonymous()) => client.post("/api/invitations/accept", input);
  const open = async () => (await owner.get("/api/invitations")).body.data;

  describe("an invitation", () => {
    it("shows its link only in the response that creates it", async () => {
      const created = await owner.post("/api/invitations", { email: "  Grace@Example.com ", role: "viewer" });
      assert.equal(created.status, 201, created.text);
      assert.match(created.body.url, new RegExp(`^${instance.server.url}/invite#[A-Za-z0-9_-]{43}$`));
      const { data } = created.body;
      assert.deepEqual([data.email, data.role, data.invited_by.name], ["grace@example.com", "viewer", "Ada"]);
      assert.ok(Math.abs(Date.parse(data.expires_at) - Date.now() - 7 * DAY_MS) < 60_000);
      const list = await owner.get("/api/invitations");
      assert.deepEqual(list.body.data, [data]);
      assert.ok(!list.text.includes(tokenIn(created.body.url)));
      assert.deepEqual((await instance.api.get("/api/invitations")).body.data, [data]);
      const looked = await lookUp(tokenIn(created.body.url));
      assert.deepEqual(looked.body.data, {
        workspace: "Workspace",
        email: "grace@example.com",
        role: "viewer",
        invited_by: "Ada",
        expires_at: data.expires_at,
        has_account: false,
        signed_in_as: null,
      });
    });

    it("creates an account, signs in and can be used once", async () => {
      const token = await invite(owner, "new@example.com", "viewer");
      const short = await accept({ token, password: "elevenchars" });
      assert.equal(short.body.errors[0].path, "password");
      assert.equal((await accept({ token })).body.errors[0].path, "password");
      const client = anonymous();
      const joined = await accept({ token, name: " Nora ", password }, client);
      assert.equal(joined.status, 200, joined.text);
      const { user, role, workspace } = joined.body.data;
      assert.deepEqual(
        [user.name, user.email, role, workspace.name],
        ["Nora", "new@example.com", "viewer", "Workspace"],
      );
      assert.match(joined.headers.getSetCookie()[0] ?? "", /; HttpOnly/i);
      assert.equal((await client.get("/api/integrations")).status, 200);
      assert.equal((await client.post("/api/session", { email: user.email, password })).status, 200);
      for (const response of [await lookUp(token), await accept({ token, password })]) {
        assert.deepEqual([response.status, response.body.code], [404, "invitation_invalid"]);
      }
      assert.ok(!(await open()).some((one: { email: string }) => one.email === user.email));
      const entries = (await owner.get("/api/audit-log?action=member.joined&limit=1")).body.data;
      assert.equal(entries[0].actor.id, user.id);
      assert.deepEqual(entries[0].metadata, { name: "Nora", role: "viewer", invited_by: "Ada" });
      const invited = (await owner.get("/api/audit-log?action=member.invited&limit=1")).body.data;
      assert.deepEqual(invited[0].metadata, { name: "new@example.com", role: "viewer" });
    });

    it("takes the name from the email when none is given", async () => {
      const token = await invite(owner, "lin.chen@example.com");
      assert.equal((await accept({ token, password })).body.data.user.name, "lin.chen");
    });

    it("replaces an earlier one for the same email, whose link then gets the same error as an unknown one", async () => {
      const first = await invite(owner, "twice@example.com", "viewer");
      const second = await invite(owner, "TWICE@example.com", "admin");
      const mine = (await open()).filter((one: { email: string }) => one.email === "twice@example.com");
      assert.deepEqual(
        mine.map((one: { role: string }) => one.role),
        ["admin"],
      );
      const replaced = await lookUp(first);
      const unknown = await lookUp("x".repeat(43));
      assert.deepEqual([replaced.status, replaced.body.code], [404, "invitation_invalid"]);
      assert.equal(replaced.body.detail, unknown.body.detail);
      assert.match(replaced.body.detail, /Ask the person who invited you/);
      assert.equal((await lookUp(second)).status, 200);
    });

    it("can be revoked once, and cannot be used afterwards", async () => {
      const token = await invite(owner, "revoked@example.com");
      const { id } = (await open()).find((one: { email: string }) => one.email === "revoked@example.com");
      assert.equal((await owner.delete(`/api/invitations/${id}`)).status, 204);
      assert.equal((await owner.delete(`/api/invitations/${id}`)).status, 404);
      assert.equal((await accept({ token, password })).body.code, "invitation_invalid");
      const [entry] = (await owner.get("/api/audit-log?action=invitation.revoked&limit=1")).body.data;
      assert.deepEqual([entry.target.id, entry.metadata.name], [id, "revoked@example.com"]);
    });

    it("expires after seven days", async () => {
      const token = await invite(owner, "late@example.com");
      const { id } = (await open()).find((one: { email: string }) => one.email === "late@example.com");
      const store = instance.database.open();
      const past = new Date(Date.now() - 1000).toISOString();
      await store.db.updateTable("invitations").set({ expires_at: past }).where("id", "=", id).execute();
      await store.close();
      assert.equal((await lookUp(token)).body.code, "invitation_invalid");
      assert.equal((await accept({ token, password })).body.code, "invitation_invalid");
      assert.equal((await owner.delete(`/api/invitations/${id}`)).status, 404);
      assert.ok(!(await open()).some((one: { id: string }) => one.id === id));
    });

    it("is refused for a member, an invalid email and an invalid role", async () => {
      const member = await owner.post("/api/invitations", {
        email: OWNER.email.toUpperCase(),
        role: "admin",
      });
      assert.deepEqual([member.status, member.body.code], [409, "already_member"]);
      for (const body of [
        { email: "nobody", role: "admin" },
        { email: "a@example.com", role: "god" },
        { email: "a@example.com" },
        { email: "a@example.com", role: "admin", workspace_id: "x" },
      ]) {
        assert.equal((await owner.post("/api/invitations", body)).body.code, "validation_failed");
      }
    });

    it("is accepted once of several concurrent tries", async () => {
      const token = await invite(owner, "raced@example.com");
      const responses = await Promise.all([1, 2, 3].map(() => accept({ token, password })));
      assert.deepEqual(responses.map(({ status }) => status).toSorted(), [200, 404, 404]);
      const members = (await owner.get("/api/members?limit=100")).body.data;
      const raced = members.filter((one: { email: string }) => one.email === "raced@example.com");
      assert.equal(raced.length, 1);
    });

    it("accepted concurrently with one of another workspace creates one account, which joins both", async () => {
      const other = (await joinAs(owner, "admin")).client;
      await other.post("/api/workspaces", { name: "Second" });
      const tokens = [await invite(owner, "both@example.com"), await invite(other, "both@example.com")];
      const responses = await Promise.all(tokens.map((token) => accept({ token, password })));
      const late = responses.findIndex(({ status }) => status !== 200);
      // Both succeed when one has created the account before the other looks for it.
      if (late !== -1) {
        assert.equal(responses[late]?.body.code, "email_taken");
        const again = await accept({ token: tokens[late], password });
        assert.equal(again.status, 200, again.text);
      }
      const client = anonymous();
      await client.post("/api/session", { email: "both@example.com", password });
      assert.equal((await client.get("/api/workspaces")).body.data.length, 2);
    });
  });

  describe("an invitation for an existing account", () => {
    it("requires its password, and adds the workspace to its others", async () => {
      const otherMember = await joinAs(owner, "viewer");
      const other = (await joinAs(owner, "admin")).client;
      await other.post("/api/workspaces", { name: "Elsewhere" });
      const token = await invite(other, otherMember.email, "admin");
      assert.equal((await lookUp(token)).body.data.has_account, true);
      const wrong = await accept({ token, password: "another password" });
      assert.deepEqual([wrong.status, wrong.body.code], [401, "invalid_sign_in"]);
      assert.equal((await accept({ token, name: "X" })).body.errors[0].path, "password");
      const client = anonymous();
      const joined = await accept({ token, name: "Renamed", password }, client);
      const { workspace, role, user } = joined.body.data;
      assert.deepEqual([workspace.name, role, user.name], ["Elsewhere", "admin", otherMember.name]);
      assert.equal((await client.get("/api/workspaces")).body.data.length, 2);
      assert.equal((await otherMember.client.get("/api/session")).body.data.workspace.name, "Workspace");
    });

    it("requires no password in its own session, which then shows the new workspace", async () => {
      const otherMember = await joinAs(owner, "viewer");
      const other = (await joinAs(owner, "admin")).client;
      await other.post("/api/workspaces", { name: "Next door" });
      const token = await invite(other, otherMember.email);
      const looked = await lookUp(token, otherMember.client);
      assert.deepEqual(looked.body.data.signed_in_as, { name: otherMember.name, email: otherMember.email });
      const crossSite = await otherMember.client.post(
        "/api/invitations/accept",
        { token },
        { origin: "https://evil.example" },
      );
      assert.equal(crossSite.body.code, "cross_origin");
      const byAnother = await owner.post("/api/invitations/accept", { token });
      assert.equal(byAnother.body.errors[0].path, "password", "another's session is worth nothing here");
      const joined = await accept({ token }, otherMember.client);
      assert.equal(joined.status, 200, joined.text);
      assert.equal(joined.body.data.workspace.name, "Next door");
      assert.equal((await otherMember.client.get("/api/session")).body.data.workspace.name, "Next door");
    });

    it("shares the throttle of sign-in", async () => {
      const otherMember = await joinAs(owner, "viewer");
      const other = (await joinAs(owner, "admin")).client;
      await other.post("/api/workspaces", { name: "Guarded" });
      const token = await invite(other, otherMember.email);
      const responses = await Promise.all(
        Array.from({ length: 7 }, () => accept({ token, password: "a wrong password" })),
      );
      const statuses = responses.map(({ status }) => status);
      assert.equal(statuses.filter((status) => status === 429).length, 2, statuses.join());
      const right = await accept({ token, password });
      assert.deepEqual([right.status, right.body.code], [429, "sign_in_throttled"]);
      assert.ok(Number(right.headers.get("retry-after")) > 0);
      const signIn = await anonymous().post("/api/session", { email: otherMember.email, password });
      assert.equal(signIn.status, 429);
      const store = instance.database.open();
      await store.db.deleteFrom("sign_in_throttles").execute();
      await store.close();
      assert.equal((await accept({ token, password })).status, 200, "the invitation is still good");
    });
  });

  describe("open invitations", () => {
    it("are limited to 100 per workspace, not counting expired ones", async () => {
      const { client } = await joinAs(owner, "admin");
      await client.post("/api/workspaces", { name: "Popular" });
      for (let index = 0; index < 100; index++) await invite(client, `guest-${index}@example.com`);
      const over = await client.post("/api/invitations", { email: "one-more@example.com", role: "viewer" });
      assert.deepEqual([over.status, over.body.code], [409, "limit_reached"]);
      assert.match(over.body.detail, /100 open invitations/);
      await invite(client, "guest-5@example.com");
      const [, second] = (await client.get("/api/invitations")).body.data;
      const store = instance.database.open();
      const past = new Date(Date.now() - 1000).toISOString();
      await store.db
        .updateTable("invitations")
        .set({ expires_at: past })
        .where("id", "=", second.id)
        .execute();
      await store.close();
      await invite(client, "one-more@example.com");
      assert.equal((await client.get("/api/invitations")).body.data.length, 100);
    });
  });

  it("keeps tokens out of logs, lists, the audit log and the database", async () => {
    const created = await owner.post("/api/invitations", { email: "secret@example.com", role: "viewer" });
    const token = tokenIn(created.body.url);
    const before = owner.responses.length;
    await lookUp(token);
    await accept({ token, password: "short" });
    await accept({ token: `${token}x`, password });
    const client = anonymous();
    await accept({ token, password }, client);
    await lookUp(token);
    await owner.get("/api/invitations");
    await owner.get("/api/members");
    await owner.get("/api/audit-log?limit=100");
    const store = instance.database.open();
    const rows = [
      await store.db.selectFrom("invitations").selectAll().execute(),
      await store.db.selectFrom("audit_entries").selectAll().execute(),
      await store.db.selectFrom("sign_in_throttles").selectAll().execute(),
    ];
    await store.close();
    const texts = {
      answers: [...owner.responses.slice(before), ...client.responses].join("\n"),
      log: instance.server.output(),
      rows: JSON.stringify(rows),
    };
    assert.match(texts.rows, /"token_hash":"[0-9a-f]{64}"/);
    for (const [name, text] of Object.entries(texts)) {
      assert.ok(text.length > 100, name);
      for (const needle of [token, password]) assert.ok(!text.includes(needle), name);
    }
  });
});
