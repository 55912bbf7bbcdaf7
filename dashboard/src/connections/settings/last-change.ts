import { queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../../api/client.ts";
import type { AuditEntry } from "../../api/types.ts";

/** A change that stopped someone's save happened just before, so it is among the newest entries. */
const ENTRIES_READ = 50;

/** Who changed a connection last and when; null when that is further back. A test changes nothing. */
export const lastChangeQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ["last-change", connectionId],
    queryFn: async (): Promise<AuditEntry | null> => {
      const page = await dataOf(api.GET("/api/audit-log", { params: { query: { limit: ENTRIES_READ } } }));
      const isChange = ({ action, target }: AuditEntry) =>
        target.id === connectionId && action.startsWith("connection.") && action !== "connection.tested";
      return page.data.find(isChange) ?? null;
    },
    gcTime: 0, // asked anew for every conflict
  });
