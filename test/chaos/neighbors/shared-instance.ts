import { ApiClient } from "../../support/api-client.ts";
import type { TestDatabase } from "../../support/databases.ts";
import { startInstance, type TestInstance } from "../../support/instance.ts";
import { REJECTED_TYPE } from "../behaviors.ts";
import type { ReceiverProcess } from "../start-receiver.ts";
import type { Attack, Attacker, Victim } from "./attack.ts";
import { connect } from "./attacker-api.ts";

/** As many connections as a workspace with many customers has. */
const CONNECTIONS = 94;
/** Enough for a hundred streams at twenty per key. */
const ATTACKER_KEYS = 6;
const FLOWING_TYPES = ["flowing.a", "flowing.b", "flowing.c", "flowing.d"];

/** A workspace's events, whose times are measured. */
export type Party = {
  readonly name: string;
  readonly key: string;
  readonly types: readonly string[];
  readonly receiver: ReceiverProcess;
};

/** One instance with the victim's workspace and the attacker's. */
export type SharedInstance = {
  readonly instance: TestInstance;
  readonly victim: Victim;
  readonly attacker: Attacker;
  readonly parties: readonly Party[];
  readonly remove: () => Promise<void>;
};

export type Receivers = { readonly victim: ReceiverProcess; readonly attacker: ReceiverProcess };

/** Starts the server with its defaults, including the usual rate limit. */
export async function startSharedInstance(
  make: () => Promise<TestDatabase>,
  attack: Attack,
  receivers: Receivers,
  isShort: boolean,
): Promise<SharedInstance> {
  const environment = { LOG_LEVEL: "error", OPENSEND_RATE_LIMIT_PER_MINUTE: "1200" };
  const instance = await startInstance(make, environment);
  const { api, key, server, owner, database } = instance;
  const victim: Victim = {
    api,
    key,
    newReceiverUrl: (path) => receiverUrl(receivers.victim, attack, `saved-${Date.now()}`, path),
  };
  const types = await connectVictim(api, receivers.victim, attack);
  const attacker: Attacker = {
    ...(await addWorkspace(owner, server.url)),
    serverUrl: server.url,
    receiverUrl: receivers.attacker.url,
    databaseUrl: database.databaseUrl,
    dataDir: database.dataDir,
    isShort,
  };
  const parties: Party[] = [{ name: "victim", key, types, receiver: receivers.victim }];
  if (attack.measuresAttacker) {
    const attackerApi = new ApiClient(server.url, { key: attacker.keys[0] });
    const wanted = [REJECTED_TYPE, ...FLOWING_TYPES];
    await connect(attackerApi, { url: `${receivers.attacker.url}/picky`, types: wanted });
    const own = { key: attacker.keys[0], types: FLOWING_TYPES, receiver: receivers.attacker };
    parties.push({ name: "its own other types", ...own });
  }
  return { instance, victim, attacker, parties, remove: instance.remove };
}

async function connectVictim(api: ApiClient, receiver: ReceiverProcess, attack: Attack): Promise<string[]> {
  const types = Array.from({ length: CONNECTIONS }, (_, index) => `healthy.${index}`);
  // When names are attacked, each request must resolve one.
  const behavior = attack.needsOwnNames ? "brief" : "ok";
  for (const [index, type] of types.entries()) {
    const url = receiverUrl(receiver, attack, `v${index}`, `/${behavior}/${type}`);
    await connect(api, { url, types: [type] });
  }
  return types;
}

function receiverUrl({ url }: ReceiverProcess, attack: Attack, host: string, path: string): string {
  if (!attack.needsOwnNames) return `${url}${path}`;
  return `http://${host}.good.test:${new URL(url).port}${path}`;
}

async function addWorkspace(owner: ApiClient, url: string): Promise<Pick<Attacker, "keys" | "workspaceId">> {
  const created = await owner.post("/api/workspaces", { name: "Neighbor" });
  if (created.status !== 201)
    throw new Error(`creating a workspace returned ${created.status}: ${created.text}`);
  const makeKey = async (): Promise<string> => {
    const { body } = await new ApiClient(url, { cookie: owner.cookie ?? "" }).post("/api/api-keys", {
      name: "Neighbor",
      access: "full_access",
    });
    return body.key;
  };
  const keys: [string, ...string[]] = [await makeKey()];
  while (keys.length < ATTACKER_KEYS) keys.push(await makeKey());
  return { keys, workspaceId: created.body.data.id };
}
