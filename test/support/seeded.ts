import { OWNER } from "../../scripts/seed/people.ts";
import { type SeedOptions, seedDatabase } from "../../scripts/seed/seed-database.ts";
import { withNewApp } from "../../src/cli/open-app.ts";
import { loadOptions } from "../../src/config/load.ts";
import { ApiClient } from "./api-client.ts";
import type { RunningServer } from "./server.ts";

const PASSWORD = "a password for all who were seeded";

/** Small enough to take one second, with every kind of connection. */
const SMALL: Omit<SeedOptions, "now"> = {
  connections: 40,
  deliveries: 3000,
  days: 4,
  seed: 1,
  receiverUrl: new URL("https://receivers.invalid"),
  password: PASSWORD,
};

/** Fills an empty database, as `npm run seed` does. */
export async function seed(
  environment: Readonly<Record<string, string>>,
  options: Partial<SeedOptions> = {},
): Promise<void> {
  await withNewApp(
    () => loadOptions(environment),
    ({ context }) => seedDatabase(context, { ...SMALL, now: Date.now(), ...options }),
  );
}

/** Signs in to a server on a seeded database. */
export async function signInSeededOwner(server: Pick<RunningServer, "url">): Promise<ApiClient> {
  const client = new ApiClient(server.url);
  const response = await client.post("/api/session", { email: OWNER.email, password: PASSWORD });
  if (response.status !== 200) throw new Error(`the owner could not sign in: ${response.text}`);
  return client;
}
