import { hashToken } from "../../src/crypto/token-hash.ts";
import { newId } from "../../src/db/new-id.ts";
import { ApiClient, setUpOwner } from "./api-client.ts";
import type { TestDatabase } from "./databases.ts";
import { makeAccount } from "./make-account.ts";
import { type RunningServer, startServer } from "./server.ts";

/** A running server with a signed-in owner, an API key and direct access to its database. */
export type TestInstance = {
  readonly server: RunningServer;
  readonly database: TestDatabase;
  readonly owner: ApiClient;
  /** Calls the API with a full-access key. */
  readonly api: ApiClient;
  readonly key: string;
  /** Environment variables that make the program's commands use the same database. */
  readonly environment: Record<string, string>;
  readonly remove: () => Promise<void>;
};

export async function startInstance(
  makeDatabase: () => Promise<TestDatabase>,
  environment: Record<string, string> = {},
  options: { readonly within?: readonly string[] } = {},
): Promise<TestInstance> {
  const database = await makeDatabase();
  const whole = { OPENSEND_RATE_LIMIT_PER_MINUTE: "0", ...database.environment, ...environment };
  const server = await startServer(whole, { ...options, dataDir: database.dataDir });
  const remove = async () => {
    await server.stop();
    await database.remove();
  };
  const owner = await setUpOwner(server).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const created = await owner.post("/api/api-keys", { name: "Tests", access: "full_access" });
  const key: string = created.body.key;
  return {
    server,
    database,
    owner,
    key,
    api: new ApiClient(server.url, { key }),
    environment: whole,
    remove,
  };
}

export const OTHERS_PASSWORD = "another long password";

/** Creates an account and signs in to it. */
export async function addUser(
  instance: TestInstance,
  role: "owner" | "admin" | "viewer",
): Promise<ApiClient> {
  const email = `${role}-${Math.random().toString(36).slice(2)}@example.com`;
  const user = { email, name: `A ${role}`, password: OTHERS_PASSWORD, role };
  await makeAccount(instance.database.open(), user);
  const client = new ApiClient(instance.server.url);
  const response = await client.post("/api/session", { email, password: OTHERS_PASSWORD });
  if (response.status !== 200) throw new Error(response.text);
  return client;
}

/** An API key of another workspace, written to the database because no command of this version can create one. */
export async function keyOfAnotherWorkspace(instance: TestInstance): Promise<ApiClient> {
  const store = instance.database.open();
  const workspaceId = newId();
  const key = `os_${newId()}`;
  await store.db
    .insertInto("workspaces")
    .values({ id: workspaceId, name: "Other", slug: workspaceId, created_at: new Date().toISOString() })
    .execute();
  await store.db
    .insertInto("api_keys")
    .values({
      id: newId(),
      workspace_id: workspaceId,
      name: "Other",
      access: "full_access",
      prefix: "os_",
      last_four: "none",
      hash: hashToken(key),
      created_by: null,
      created_at: Date.now(),
      last_used_at: null,
      expires_at: null,
      revoked_at: null,
    })
    .execute();
  await store.close();
  return new ApiClient(instance.server.url, { key });
}
