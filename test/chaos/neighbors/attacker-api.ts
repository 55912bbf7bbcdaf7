import { ApiClient, type ApiResponse } from "../../support/api-client.ts";
import { SIGNING_SECRET } from "../start-receiver.ts";
import type { Attacker } from "./attack.ts";

const BATCH_MAX = 1000;

export function apiOf({ serverUrl, keys: [key] }: Attacker): ApiClient {
  return new ApiClient(serverUrl, { key });
}

export function headersOf({ keys: [key] }: Attacker): Record<string, string> {
  return { authorization: `Bearer ${key}`, "content-type": "application/json" };
}

/** Connects a receiver. Returns the connection's id. */
export async function connect(
  api: ApiClient,
  connection: { readonly url: string; readonly types: readonly string[]; readonly name?: string },
): Promise<string> {
  const response = await api.post("/api/integrations/webhook", {
    ...(connection.name === undefined ? {} : { name: connection.name }),
    webhook_url: connection.url,
    signing_secret: SIGNING_SECRET,
    event_types: connection.types,
  });
  expect(response, 201, "connecting");
  return response.body.data.id;
}

/** Posts `count` events of a type, in batches. */
export async function postMany(api: ApiClient, type: string, count: number): Promise<void> {
  for (let left = count; left > 0; left -= BATCH_MAX) {
    const batch = Array.from({ length: Math.min(BATCH_MAX, left) }, () => ({ type, data: {} }));
    expect(await api.post("/api/events/batch", batch), 202, "a batch");
  }
}

export async function setPaused(
  api: ApiClient,
  connectionIds: readonly string[],
  verb: "pause" | "resume",
): Promise<void> {
  for (const id of connectionIds) {
    expect(await api.post(`/api/integrations/connections/${id}/${verb}`), 200, verb);
  }
}

/** All connections of a workspace that has at most 100. */
export async function connectionIdsOf(api: ApiClient): Promise<string[]> {
  const response = await api.get("/api/integrations/connections?limit=100");
  expect(response, 200, "listing connections");
  return response.body.data.map(({ id }: { id: string }) => id);
}

function expect(response: ApiResponse, status: number, what: string): void {
  if (response.status !== status)
    throw new Error(`${what} returned ${response.status}: ${response.body?.code ?? response.text}`);
}
