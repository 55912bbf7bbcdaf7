import { api, dataOf } from "../api/client.ts";
import { connectionNameIn, type FoundConnection } from "./actions.ts";
import { uuidIn } from "./uuid-in.ts";

export type SearchResult = {
  readonly title: string;
  readonly path: string;
  readonly kind: string;
  /** Distinguishes results with the same title. */
  readonly note?: string;
  /** A connection that can be tested from the palette. */
  readonly connection?: FoundConnection;
};

const ROWS = 8;
const QUERY_LENGTH_MAX = 100;
/** How long typing must pause before the server is asked. */
const TYPING_PAUSE_MS = 120;

/** Connections by name or host, or the object with an id in the text. */
export async function searchServer(text: string, signal: AbortSignal): Promise<SearchResult[]> {
  await new Promise((resolve) => setTimeout(resolve, TYPING_PAUSE_MS));
  signal.throwIfAborted();
  const id = uuidIn(text);
  if (id !== null) {
    const { data } = await dataOf(api.GET("/api/lookup/{id}", { params: { path: { id } }, signal }));
    return data.map(({ title, path, type }) => ({
      title,
      path,
      kind: type.replace("_", " "),
      // Whether it is disconnected is unknown here; its page says so when a test cannot be sent.
      ...(type === "connection" && { connection: { id, name: title, isDisconnected: false } }),
    }));
  }
  const query = { q: connectionNameIn(text).slice(0, QUERY_LENGTH_MAX), limit: ROWS };
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
