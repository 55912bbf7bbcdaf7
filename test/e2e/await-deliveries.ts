import type { ApiClient } from "../support/api-client.ts";

const POLL_MS = 20;
const WAIT_MS = 20_000;

// biome-ignore lint/suspicious/noExplicitAny: tests read rows and assert what they find.
type Row = any;

/** Waits until this many deliveries match the query, and returns them, newest first. */
export async function awaitDeliveries(client: ApiClient, query: string, rows: number): Promise<Row[]> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const { body } = await client.get(`/api/deliveries?${query}`);
    if (body.data.length >= rows) return body.data;
    if (Date.now() > deadline) throw new Error(`${body.data.length} of ${rows} deliveries: ${query}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
