import { openStore } from "../../src/db/open.ts";
import { ApiClient, setUpOwner } from "./api-client.ts";
import { makeAccount } from "./make-account.ts";
import { type RunningServer, startServer } from "./server.ts";

const LINK_DEADLINE_MS = 5_000;
const POLL_MS = 10;

/** A fresh server without an owner, and the setup link it prints right after it starts to listen. */
export async function startEmptyServer(
  environment: Record<string, string> = {},
): Promise<RunningServer & { readonly setupUrl: string }> {
  const server = await startServer(environment);
  const deadline = Date.now() + LINK_DEADLINE_MS;
  for (;;) {
    const setupUrl = /Create the owner's account: (\S+)\n/.exec(server.output())?.[1];
    if (setupUrl !== undefined) return { ...server, setupUrl };
    if (Date.now() > deadline) throw new Error(`no setup link was printed\n${server.output()}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A server with an owner, and a client with the owner's session. */
export async function startOwnedServer(
  environment: Record<string, string> = {},
): Promise<{ server: RunningServer; owner: ApiClient }> {
  const server = await startEmptyServer(environment);
  return { server, owner: await setUpOwner(server) };
}

const VIEWER = { email: "vera@example.com", password: "only here to have a look", name: "Vera" };

/** Adds a viewer and signs in as that viewer. */
export async function signInViewer(server: RunningServer): Promise<ApiClient> {
  const place = { databaseUrl: null, dataDir: server.dataDir, onConnectionError: () => undefined };
  await makeAccount(openStore(place), { ...VIEWER, role: "viewer" });
  const client = new ApiClient(server.url);
  const response = await client.post("/api/session", { email: VIEWER.email, password: VIEWER.password });
  if (response.status !== 200) throw new Error(`the viewer could not sign in: ${response.text}`);
  return client;
}

/** Connects a webhook over the API and returns the connection's id. */
export async function connect(client: ApiClient, input: object): Promise<string> {
  const response = await client.post("/api/integrations/webhook", input);
  if (response.status !== 201) throw new Error(`connecting returned ${response.status}: ${response.text}`);
  return response.body.data.id;
}
