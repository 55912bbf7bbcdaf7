import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createApiKey } from "../../src/auth/api-keys.ts";
import { newId } from "../../src/db/new-id.ts";
import { createApp } from "../../src/http/app.ts";
import type { Services } from "../../src/http/services.ts";
import { ApiClient } from "./api-client.ts";
import type { TestDatabase } from "./databases.ts";
import { openTestApp, type TestApp } from "./test-app.ts";

/** An app in this process that serves HTTP, for tests that look at both sides. */
export type ServedApp = TestApp & {
  readonly url: string;
  /** Calls the API with a full-access key of the app's workspace. */
  readonly api: ApiClient;
  readonly makeKey: (workspaceId: string) => Promise<{ readonly id: string; readonly key: string }>;
  readonly makeWorkspace: () => Promise<string>;
  readonly server: Server;
  readonly closeServer: () => Promise<void>;
};

export async function serveTestApp(
  database: TestDatabase,
  settings: Partial<Services["instance"]["settings"]> = {},
): Promise<ServedApp> {
  const app = await openTestApp({
    ...database,
    environment: { OPENSEND_RATE_LIMIT_PER_MINUTE: "0", ...database.environment },
  });
  const { services } = app.context;
  const { instance } = services;
  const server = await createApp({
    ...services,
    instance: { ...instance, settings: { ...instance.settings, ...settings } },
  });
  await server.listen({ host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const makeKey = async (workspaceId: string) => {
    const actor = { kind: "system", id: null, name: "Test", workspaceId, address: null } as const;
    const input = { name: "Test", access: "full_access", expiresAt: null } as const;
    const { apiKey, key } = await createApiKey(app.context.services.access.apiKeys, actor, input);
    return { id: apiKey.id, key };
  };
  const { key } = await makeKey(app.workspaceId);
  return {
    ...app,
    url,
    api: new ApiClient(url, { key }),
    makeKey,
    server: server.server,
    makeWorkspace: async () => {
      const id = newId();
      const created_at = new Date(app.clock.now).toISOString();
      await app.context.store.db
        .insertInto("workspaces")
        .values({ id, name: "Other", slug: id, created_at })
        .execute();
      return id;
    },
    closeServer: () => server.close(),
    close: async () => {
      await server.close();
      await app.close();
    },
  };
}
