import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { BellRing, Plus } from "lucide-react";
import { useState } from "react";
import { api, responseOf } from "../api/client.ts";
import type { Alert } from "../api/types.ts";
import { DocsLink } from "../docs/docs-link.tsx";
import { useReadOnlyReason } from "../session/session-query.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { lazyPart } from "../ui/lazy-part.tsx";
import { LoadMore } from "../ui/load-more.tsx";
import { LoadProblem } from "../ui/load-problem.tsx";
import { Notice } from "../ui/notice.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { toast } from "../ui/toast.tsx";
import { AlertList } from "./alert-list.tsx";
import { NoticeList } from "./notice-list.tsx";
import { alertsQuery, noticesQuery } from "./queries.ts";

const AlertDialog = lazyPart("The form", async () => (await import("./alert-dialog.tsx")).AlertDialog);
const TestDialog = lazyPart("The test", async () => (await import("./test-dialog.tsx")).TestDialog);

type Opened = { readonly what: "edit" | "test" | "delete"; readonly alert: Alert } | { readonly what: "new" };

/** The workspace's alerts and their notices. */
export function AlertsPage() {
  const read = useQuery(alertsQuery);
  const [opened, setOpened] = useState<Opened | null>(null);
  const readOnlyReason = useReadOnlyReason();
  const alerts = read.data?.data ?? [];
  const create = (
    <Button
      variant="primary"
      opens={AlertDialog}
      disabledReason={readOnlyReason}
      onClick={() => setOpened({ what: "new" })}
    >
      <Plus aria-hidden className="size-4" />
      New alert
    </Button>
  );
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-4">
        <p className="max-w-prose flex-1 basis-80 text-muted">
          Tell people by mail, or a tool such as Slack, when connections need attention, and when they have
          recovered. <DocsLink topic="alerts" />
        </p>
        {alerts.length > 0 && create}
      </div>
      {read.error && !read.data && (
        <LoadProblem what="Alerts" error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <Skeleton className="h-44" />}
      {read.data?.mail_configured === false && (
        <Notice tone="info" title="Mail is not set up">
          Set OPENSEND_SMTP_URL and OPENSEND_MAIL_FROM to mail alerts. Connections can be notified without.{" "}
          <DocsLink topic="mail" />
        </Notice>
      )}
      {read.data && alerts.length === 0 && (
        <EmptyState icon={BellRing} title="No alerts yet" action={create}>
          Create an alert to hear when a connection is failing, paused, silent or behind.
        </EmptyState>
      )}
      {alerts.length > 0 && (
        <AlertList
          alerts={alerts}
          onEdit={(alert) => setOpened({ what: "edit", alert })}
          onTest={(alert) => setOpened({ what: "test", alert })}
          onDelete={(alert) => setOpened({ what: "delete", alert })}
        />
      )}
      <History />
      <Popups
        opened={opened}
        isMailConfigured={read.data?.mail_configured ?? true}
        onClose={() => setOpened(null)}
      />
    </div>
  );
}

type PopupsProps = { opened: Opened | null; isMailConfigured: boolean; onClose: () => void };

function Popups({ opened, isMailConfigured, onClose }: PopupsProps) {
  const queryClient = useQueryClient();
  const deleting = opened?.what === "delete" ? opened.alert : null;
  const remove = async () => {
    if (deleting === null) return;
    await responseOf(api.DELETE("/api/alerts/{id}", { params: { path: { id: deleting.id } } }));
    await queryClient.invalidateQueries(alertsQuery);
    toast(`Deleted ${deleting.name}.`);
  };
  return (
    <>
      {opened?.what === "new" && (
        <AlertDialog alert={null} isMailConfigured={isMailConfigured} onClose={onClose} />
      )}
      {opened?.what === "edit" && (
        <AlertDialog alert={opened.alert} isMailConfigured={isMailConfigured} onClose={onClose} />
      )}
      {opened?.what === "test" && <TestDialog alert={opened.alert} onClose={onClose} />}
      <ConfirmDialog
        open={deleting !== null}
        onOpenChange={(open) => !open && onClose()}
        title={`Delete ${deleting?.name ?? "the alert"}?`}
        confirmLabel="Delete alert"
        keepLabel="Keep it"
        onConfirm={remove}
      >
        This alert sends no more notices. Earlier notices stay in the history.
      </ConfirmDialog>
    </>
  );
}

function History() {
  const list = useInfiniteQuery(noticesQuery);
  const notices = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <section aria-labelledby="notices" className="mt-4 flex flex-col gap-3">
      <h2 id="notices" className="text-card font-semibold">
        History
      </h2>
      {list.error && !list.data && (
        <LoadProblem what="The history" error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.data && notices.length === 0 && <p className="text-muted">No notices in the last 90 days.</p>}
      {notices.length > 0 && <NoticeList notices={notices} />}
      <LoadMore list={list} words="Load more" what="More notices" />
    </section>
  );
}
