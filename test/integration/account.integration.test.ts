import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ApiClient, OWNER } from "../support/api-client.ts";
import { forEachDatabase } from "../support/databases.ts";
import { addUser, OTHERS_PASSWORD, startInstance, type TestInstance } from "../support/instance.ts";

const PASSWORD_PATH = "/api/account/password";
const NEW_PASSWORD = "a wholly new pass phrase";

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  before(async () => {
    instance = await startInstance(makeDatabase);
  });
  after(() => instance.remove());

  const emailOf = async (client: ApiClient): Promise<string> =>
    (await client.get("/api/session")).body.data.user.email;
  const signIn = async (email: string, password: string) => {
    const client = new ApiClient(instance.server.url);
    const response = await client.post("/api/session", { email, password });
    return { client, status: response.status };
  };
  const change = (client: ApiClient, current_password: string, new_password: string) =>
    client.post(PASSWORD_PATH, { current_password, new_password });
  const audited = async (action: string) =>
    (await instance.api.get(`/api/audit-log?action=${action}`)).body.data;
  const forgetTries = async () => {
    const store = instance.database.open();
    await store.db.deleteFrom("sign_in_throttles").execute();
    await store.close();
  };

  describe("an account", () => {
    it("can be renamed, and its session and audit entries show the new name immediately", async () => {
      const viewer = await addUser(instance, "viewer");
      const response = await viewer.patch("/api/account", { name: "  Vera Novak " });
      assert.equal(response.status, 200, response.text);
      const { user } = (await viewer.get("/api/session")).body.data;
      assert.deepEqual(response.body, { object: "account", data: user });
      assert.equal(user.name, "Vera Novak");
      const [entry] = await audited("user.updated");
      assert.deepEqual([entry.target.id, entry.metadata.changed], [user.id, ["name"]]);
      await viewer.patch("/api/account", { name: "Vera Novak" });
      assert.equal((await audited("user.updated")).length, 1, "the same name is no change");
      for (const name of ["", " ", "x".repeat(101), "a\nb", 7, null]) {
        assert.equal((await viewer.patch("/api/account", { name })).status, 422, String(name));
      }
    });

    it("belongs to a person, so API keys cannot access it", async () => {
      for (const refused of [
        await instance.api.patch("/api/account", { name: "Key" }),
        await change(instance.api, OWNER.password, NEW_PASSWORD),
        await instance.api.delete("/api/sessions"),
      ]) {
        assert.equal(refused.status, 403);
      }
    });
  });

  describe("changing a password", () => {
    it("ends all other sessions, keeps this one, and invalidates the old password", async () => {
      const self = await addUser(instance, "admin");
      const email = await emailOf(self);
      const [one, two] = [await signIn(email, OTHERS_PASSWORD), await signIn(email, OTHERS_PASSWORD)];
      const bystander = await addUser(instance, "viewer");
      const stolen = new ApiClient(self.url, { cookie: self.cookie ?? "" });
      const currentId = async () =>
        (await self.get("/api/sessions")).body.data.find(({ current }: { current: boolean }) => current).id;
      const id = await currentId();
      const response = await change(self, OTHERS_PASSWORD, NEW_PASSWORD);
      assert.equal(response.status, 204, response.text);
      assert.equal((await stolen.get("/api/session")).status, 401, "this one has another token");
      assert.equal(await currentId(), id, "and is the same session");
      assert.equal((await self.get("/api/sessions")).body.data.length, 1);
      assert.equal((await self.get("/api/session")).status, 200);
      for (const { client } of [one, two]) assert.equal((await client.get("/api/session")).status, 401);
      assert.equal((await bystander.get("/api/session")).status, 200, "others' sessions are theirs");
      assert.equal((await signIn(email, OTHERS_PASSWORD)).status, 401);
      assert.equal((await signIn(email, NEW_PASSWORD)).status, 200);
      const [entry] = await audited("user.password_changed");
      assert.equal(entry.metadata.sessions_ended, 2);
      assert.equal(entry.actor.name, "A admin");
      const store = instance.database.open();
      const rows = await store.db.selectFrom("accounts").select("password").execute();
      await store.close();
      const everything = JSON.stringify([rows, await audited("user.*"), instance.server.output()]);
      for (const secret of [OTHERS_PASSWORD, NEW_PASSWORD]) assert.ok(!everything.includes(secret));
    });

    it("requires the current password, and names the field that is wrong", async () => {
      const self = await addUser(instance, "viewer");
      const email = await emailOf(self);
      const { client } = await signIn(email, OTHERS_PASSWORD);
      const wrong = await change(self, "not the password", NEW_PASSWORD);
      assert.equal(wrong.status, 422);
      assert.equal(wrong.body.code, "validation_failed");
      assert.deepEqual(wrong.body.errors, [
        { path: "current_password", message: "This is not your current password." },
      ]);
      const same = await change(self, OTHERS_PASSWORD, OTHERS_PASSWORD);
      assert.equal(same.body.errors[0].path, "new_password");
      const short = await change(self, OTHERS_PASSWORD, "elevenchars");
      assert.equal(short.body.errors[0].path, "new_password");
      const unknown = await self.post(PASSWORD_PATH, {
        current_password: OTHERS_PASSWORD,
        new_password: NEW_PASSWORD,
        email: "x@example.com",
      });
      assert.equal(unknown.status, 422);
      assert.equal((await client.get("/api/session")).status, 200, "nothing ended");
      assert.equal((await signIn(email, OTHERS_PASSWORD)).status, 200);
      assert.doesNotMatch(wrong.text + same.text + short.text, /not the password|elevenchars/);
      await forgetTries();
    });

    it("shares the throttle of sign-in, also for concurrent tries", async () => {
      const self = await addUser(instance, "viewer");
      const email = await emailOf(self);
      await forgetTries();
      const burst = await Promise.all(
        Array.from({ length: 8 }, () => change(self, "not the password", NEW_PASSWORD)),
      );
      const statuses = burst.map(({ status }) => status).toSorted();
      assert.deepEqual(statuses, [422, 422, 422, 422, 422, 429, 429, 429]);
      const right = await change(self, OTHERS_PASSWORD, NEW_PASSWORD);
      assert.equal(right.status, 429);
      assert.equal(right.body.code, "sign_in_throttled");
      assert.ok(Number(right.headers.get("retry-after")) > 0);
      assert.equal((await signIn(email, OTHERS_PASSWORD)).status, 429, "guessing cannot go on there");
      await forgetTries();
      assert.equal((await change(self, OTHERS_PASSWORD, NEW_PASSWORD)).status, 204);
    });

    it("succeeds once for two concurrent changes with the same current password", async () => {
      const self = await addUser(instance, "viewer");
      const both = await Promise.all([
        change(self, OTHERS_PASSWORD, NEW_PASSWORD),
        change(self, OTHERS_PASSWORD, `${NEW_PASSWORD} too`),
      ]);
      assert.deepEqual(both.map(({ status }) => status).toSorted(), [204, 422]);
    });
  });

  describe("ending all other sessions", () => {
    it("keeps the current session and those of other people, and is recorded once", async () => {
      const self = await addUser(instance, "viewer");
      const email = await emailOf(self);
      const others = [await signIn(email, OTHERS_PASSWORD), await signIn(email, OTHERS_PASSWORD)];
      assert.equal((await self.delete("/api/sessions")).status, 204);
      for (const { client } of others) assert.equal((await client.get("/api/session")).status, 401);
      const { data } = (await self.get("/api/sessions")).body;
      assert.deepEqual(
        data.map(({ current }: { current: boolean }) => current),
        [true],
      );
      assert.equal((await instance.owner.get("/api/session")).status, 200);
      assert.equal((await self.delete("/api/sessions")).status, 204, "again: no change");
      const recorded = (await audited("session.revoked")).filter(
        (entry: { metadata: { sessions_ended?: number } }) => entry.metadata.sessions_ended === 2,
      );
      assert.equal(recorded.length, 1);
      assert.equal((await self.delete("/api/sessions", { origin: "https://evil.example" })).status, 403);
    });
  });
});
