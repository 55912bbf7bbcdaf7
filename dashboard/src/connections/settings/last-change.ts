import { queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../../api/client.ts";
import type { AuditEntry } from "../../api/types.ts";

/** A change that caused a conflict has just happened, so it is among the newest entries. */
const ENTRIES_READ = 50;

/** Who last changed a connection and when; null when that is not among the newest entries. A test is not a change. */
export const lastChangeQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ["last-change", connectionId],
    queryFn: async (): Promise<AuditEntry | null> => {
      const page = await dataOf(api.GET("/api/audit-log", { params: { query: { limit: ENTRIES_READ } } }));
      const isChange = ({ action, target }: AuditEntry) =>
        target.id === connectionId && action.startsWith("connection.") && action !== "connection.tested";
      return page.data.find(isChange) ?? null;
    },
    gcTime: 0, // every conflict reads it again
  });
