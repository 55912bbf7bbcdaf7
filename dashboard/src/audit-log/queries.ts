import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import { readRows } from "../api/read-rows.ts";
import { type AuditFilter, toAuditQuery } from "./audit-filter.ts";

export const auditLogQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit-log", filter],
    queryFn: ({ pageParam }) => {
      const wanted = toAuditQuery(filter, Date.now());
      return readRows((limit, cursor) => {
        const query = { ...wanted, limit, ...(cursor !== null && { cursor }) };
        return dataOf(api.GET("/api/audit-log", { params: { query } }));
      }, pageParam);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.has_more ? page.next_cursor : null),
  });
