import type { AddressInfo } from "node:net";
import { createApiKey } from "../../src/auth/api-keys.ts";
import { newId } from "../../src/db/new-id.ts";
import { createApp } from "../../src/http/app.ts";
import { ApiClient } from "./api-client.ts";
import type { TestDatabase } from "./databases.ts";
import { openHouse, type TestHouse } from "./house.ts";

/** A house in this process that answers HTTP: for tests that look at both sides. */
export type ServedHouse = TestHouse & {
  readonly url: string;
  /** Calls with a full-access key of the house's workspace. */
  readonly api: ApiClient;
  readonly makeKey: (workspaceId: string) => Promise<{ readonly id: string; readonly key: string }>;
  readonly makeWorkspace: () => Promise<string>;
  readonly closeApp: () => Promise<void>;
};

export async function serveHouse(database: TestDatabase): Promise<ServedHouse> {
  const house = await openHouse({
    ...database,
    environment: { OPENSEND_RATE_LIMIT_PER_MINUTE: "0", ...database.environment },
  });
  const app = await createApp(house.house.services);
  await app.listen({ host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const makeKey = async (workspaceId: string) => {
    const actor = { kind: "system", id: null, name: "Test", workspaceId, address: null } as const;
    const input = { name: "Test", access: "full_access", expiresAt: null } as const;
    const { apiKey, key } = await createApiKey(house.house.apiKeys, actor, input);
    return { id: apiKey.id, key };
  };
  const { key } = await makeKey(house.workspaceId);
  return {
    ...house,
    url,
    api: new ApiClient(url, { key }),
    makeKey,
    makeWorkspace: async () => {
      const id = newId();
      const created_at = new Date(house.clock.now).toISOString();
      await house.house.store.db
        .insertInto("workspaces")
        .values({ id, name: "Other", slug: id, created_at })
        .execute();
      return id;
    },
    closeApp: () => app.close(),
    close: async () => {
      await app.close();
      await house.close();
    },
  };
}
