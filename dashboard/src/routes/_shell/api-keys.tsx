import { useInfiniteQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import type { ApiKey } from "../../api/types.ts";
import { KeyList } from "../../api-keys/key-list.tsx";
import { ReplaceKeyDialog } from "../../api-keys/lazy-replace-key-dialog.tsx";
import { apiKeysQuery } from "../../api-keys/queries.ts";
import { RevokeKeyDialog } from "../../api-keys/revoke-key-dialog.tsx";
import { DocsLink } from "../../docs/docs-link.tsx";
import { usePageDialog } from "../../navigation/use-page-dialog.ts";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { useReadOnlyReason } from "../../session/session-query.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { lazyPart } from "../../ui/lazy-part.tsx";
import { LoadMore } from "../../ui/load-more.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

export const Route = createFileRoute("/_shell/api-keys")({
  loader: ({ context }) => waitBriefly(context.queryClient.prefetchInfiniteQuery(apiKeysQuery)),
  component: ApiKeysPage,
});

const CreateKeyDialog = lazyPart(
  "The form",
  async () => (await import("../../api-keys/create-key-dialog.tsx")).CreateKeyDialog,
);

function ApiKeysPage() {
  const list = useInfiniteQuery(apiKeysQuery);
  const readOnlyReason = useReadOnlyReason();
  const creating = usePageDialog("create-key");
  const [replacing, setReplacing] = useState<ApiKey | null>(null);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const keys = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <>
      <PageHeader
        title="API keys"
        actions={
          <Button
            variant="primary"
            opens={CreateKeyDialog}
            disabledReason={readOnlyReason}
            onClick={creating.open}
          >
            <Plus aria-hidden className="size-4" />
            Create key
          </Button>
        }
      >
        <strong className="font-medium text-fg">Full access</strong> keys can do everything an admin can,
        except members, workspace settings, accounts and sessions.{" "}
        <strong className="font-medium text-fg">Sending access</strong> keys can only send events.{" "}
        <strong className="font-medium text-fg">Connections</strong> keys manage the connections they created.{" "}
        <DocsLink topic="API keys" />
      </PageHeader>
      {list.error && !list.data && (
        <LoadProblem what="API keys" error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.isPending && <Skeleton className="h-44" />}
      {list.data && keys.length === 0 && (
        <EmptyState icon={KeyRound} title="No API keys yet">
          Create a key to call the API from your app. Each key is shown once; OpenSend stores only a hash.
        </EmptyState>
      )}
      {keys.length > 0 && <KeyList keys={keys} onReplace={setReplacing} onRevoke={setRevoking} />}
      <LoadMore list={list} words="Load more" what="More API keys" />
      {creating.isOpen && readOnlyReason === null && <CreateKeyDialog onClose={creating.close} />}
      {replacing && <ReplaceKeyDialog apiKey={replacing} onClose={() => setReplacing(null)} />}
      <RevokeKeyDialog apiKey={revoking} onClose={() => setRevoking(null)} />
    </>
  );
}
