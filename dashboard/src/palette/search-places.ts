import { api, dataOf } from "../api/client.ts";
import { connectionMeant, type FoundConnection } from "./actions.ts";
import { uuidIn } from "./uuid-in.ts";

export type Place = {
  readonly title: string;
  readonly path: string;
  readonly kind: string;
  /** Tells it from another of the same title. */
  readonly note?: string;
  /** What can be tested from here. */
  readonly connection?: FoundConnection;
};

const ROWS = 8;
const QUERY_LENGTH_MAX = 100;
/** So long the typing must rest before the server is asked. */
const REST_MS = 120;

/** Connections by name or host, or what an id in the text is of. */
export async function searchPlaces(text: string, signal: AbortSignal): Promise<Place[]> {
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  signal.throwIfAborted();
  const id = uuidIn(text);
  if (id !== null) {
    const { data } = await dataOf(api.GET("/api/lookup/{id}", { params: { path: { id } }, signal }));
    return data.map(({ title, path, type }) => ({
      title,
      path,
      kind: type.replace("_", " "),
      // Its page says it when a test cannot be sent.
      ...(type === "connection" && { connection: { id, name: title, isDisconnected: false } }),
    }));
  }
  const query = { q: connectionMeant(text).slice(0, QUERY_LENGTH_MAX), limit: ROWS };
  const { data } = await dataOf(api.GET("/api/integrations/connections", { params: { query }, signal }));
  return data.map(({ id, name, status, config }) => {
    const preview = config.webhook.endpoint_preview;
    return {
      title: name,
      path: `/integrations/connections/${id}`,
      kind: "connection",
      note: preview,
      connection: { id, name, preview, isDisconnected: status === "disconnected" },
    };
  });
}
