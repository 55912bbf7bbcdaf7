import { newId } from "../../../src/db/new-id.ts";
import { openStore } from "../../../src/db/open.ts";
import type { Attack } from "./attack.ts";
import { headersOf } from "./attacker-api.ts";
import { startLoops } from "./start-loops.ts";

const ENTRIES = { short: 30_000, whole: 300_000 } as const;
/** Below SQLite's limit of 32,766 values per statement. */
const ENTRIES_PER_STATEMENT = 2000;

/** Exports a long audit log over and over. */
export const auditExport: Attack = {
  title: "exports a long audit log",
  prepare: async ({ databaseUrl, dataDir, workspaceId, isShort }) => {
    const store = openStore({ databaseUrl, dataDir, onConnectionError: () => undefined });
    const count = isShort ? ENTRIES.short : ENTRIES.whole;
    const startedAt = Date.now() - count;
    for (let at = 0; at < count; at += ENTRIES_PER_STATEMENT) {
      const entries = Array.from({ length: Math.min(ENTRIES_PER_STATEMENT, count - at) }, (_, index) => ({
        id: newId(),
        workspace_id: workspaceId,
        action: "connection.updated",
        actor_kind: "system",
        actor_id: null,
        actor_name: "Neighbor",
        target_kind: "connection",
        target_id: null,
        address: null,
        metadata: '{"name":"Receiver","changed":["name","event_types"]}',
        created_at: startedAt + at + index,
      }));
      await store.db.insertInto("audit_entries").values(entries).execute();
    }
    await store.close();
  },
  start: async (attacker) => {
    const abort = new AbortController();
    const headers = headersOf(attacker);
    let bytes = 0;
    const stop = startLoops(1, async () => {
      const response = await fetch(`${attacker.serverUrl}/api/audit-log/export`, {
        headers: { authorization: headers["authorization"] ?? "" },
        signal: abort.signal,
      });
      for await (const chunk of response.body ?? []) bytes += chunk.length;
      return String(response.status);
    });
    return async () => {
      abort.abort();
      const { "This operation was aborted": _, ...tally } = await stop();
      return { ...tally, "MB exported": Math.round(bytes / 1e6) };
    };
  },
};
