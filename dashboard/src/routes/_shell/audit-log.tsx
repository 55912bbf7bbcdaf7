import { useInfiniteQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { PAGE_ROWS } from "../../api/read-rows.ts";
import { type AuditFilter, exportAddress, readAuditFilter } from "../../audit-log/audit-filter.ts";
import { AuditFilters } from "../../audit-log/audit-filters.tsx";
import { AuditList } from "../../audit-log/audit-list.tsx";
import { NoEntries } from "../../audit-log/no-entries.tsx";
import { auditLogQuery } from "../../audit-log/queries.ts";
import { isFiltered } from "../../deliveries/delivery-filter.ts";
import { DocsLink } from "../../docs/docs-link.tsx";
import { focusHeading } from "../../navigation/focus-heading.ts";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { buttonStyle } from "../../ui/button-style.ts";
import { LoadMore } from "../../ui/load-more.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useNow } from "../../ui/use-now.ts";

export const Route = createFileRoute("/_shell/audit-log")({
  validateSearch: readAuditFilter,
  // Only for the first load: a changed filter must show immediately, whether its rows are loaded or not.
  loader: ({ context, location }) =>
    waitBriefly(
      context.queryClient.prefetchInfiniteQuery(auditLogQuery(readAuditFilter({ ...location.search }))),
    ),
  component: AuditLogPage,
});

const NO_FILTER = readAuditFilter({});
const TICK_MS = 60_000;

function AuditLogPage() {
  const filter = Route.useSearch();
  const navigate = Route.useNavigate();
  const nowMs = useNow(TICK_MS);
  const list = useInfiniteQuery(auditLogQuery(filter));
  const entries = list.data?.pages.flatMap((page) => page.data) ?? [];
  const change = (changed: AuditFilter) =>
    void navigate({ search: (before) => ({ ...before, ...changed }), resetScroll: false });
  const clear = () => change(NO_FILTER);
  const clearFromList = () => {
    focusHeading();
    clear();
  };
  return (
    <>
      <PageHeader
        title="Audit log"
        actions={
          <a href={exportAddress(filter, nowMs)} download className={buttonStyle("primary")}>
            <Download aria-hidden className="size-4" />
            Export CSV
          </a>
        }
      >
        All changes and sign-ins, with the person, the time and the IP address. <DocsLink topic="audit log" />
      </PageHeader>
      <AuditFilters filter={filter} onChange={change} onClear={clear} />
      {list.error && !list.data && (
        <LoadProblem what="The audit log" error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.isPending && <Skeleton className="h-96" />}
      {list.data && entries.length === 0 && (
        <NoEntries isFiltered={isFiltered(filter)} list={list} onClear={clearFromList} />
      )}
      {entries.length > 0 && <AuditList entries={entries} />}
      {entries.length > 0 && (
        <LoadMore
          list={list}
          words={(list.data?.pages.at(-1)?.data.length ?? 0) < PAGE_ROWS ? "Search older" : "Load older"}
          what="Older entries"
        />
      )}
    </>
  );
}
