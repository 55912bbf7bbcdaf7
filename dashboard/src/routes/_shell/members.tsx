import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import type { Invitation, Member } from "../../api/types.ts";
import { DocsLink } from "../../docs/docs-link.tsx";
import { ChangeRoleDialog, type RoleChange } from "../../members/change-role-dialog.tsx";
import { InvitationList } from "../../members/invitation-list.tsx";
import { MemberList } from "../../members/member-list.tsx";
import { invitationsQuery, membersQuery } from "../../members/queries.ts";
import { RemoveMemberDialog } from "../../members/remove-member-dialog.tsx";
import { RevokeInvitationDialog } from "../../members/revoke-invitation-dialog.tsx";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { useReadOnlyReason } from "../../session/session-query.ts";
import { showPopup } from "../../shell/popup.ts";
import { Button } from "../../ui/button.tsx";
import { lazyPart } from "../../ui/lazy-part.tsx";
import { LoadMore } from "../../ui/load-more.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

const InviteDialog = lazyPart(
  "The form",
  async () => (await import("../../members/invite-dialog.tsx")).InviteDialog,
);

export const Route = createFileRoute("/_shell/members")({
  loader: ({ context: { queryClient } }) =>
    waitBriefly(
      Promise.all([
        queryClient.prefetchInfiniteQuery(membersQuery),
        queryClient.prefetchQuery(invitationsQuery),
      ]),
    ),
  component: MembersPage,
});

function MembersPage() {
  const readOnlyReason = useReadOnlyReason();
  const [isInviting, setIsInviting] = useState(false);
  return (
    <>
      <PageHeader
        title="Members"
        actions={
          <Button
            variant="primary"
            opens={InviteDialog}
            disabledReason={readOnlyReason}
            onClick={() => setIsInviting(true)}
          >
            <UserPlus aria-hidden className="size-4" />
            Invite
          </Button>
        }
      >
        People with access to this workspace, and their roles. <DocsLink topic="members" />
      </PageHeader>
      <People />
      <Invitations />
      {isInviting && <InviteDialog onClose={() => setIsInviting(false)} />}
    </>
  );
}

function People() {
  const list = useInfiniteQuery(membersQuery);
  const [changing, setChanging] = useState<RoleChange | null>(null);
  const [removing, setRemoving] = useState<Member | null>(null);
  const members = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <>
      {list.error && !list.data && (
        <LoadProblem what="Members" error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.isPending && <Skeleton className="h-44" />}
      {members.length > 0 && (
        <MemberList
          members={members}
          isComplete={!list.hasNextPage}
          onChangeRole={(member, role) => setChanging({ member, role })}
          onRemove={setRemoving}
          onLeave={() => showPopup("leave workspace")}
        />
      )}
      <LoadMore list={list} words="Load more" what="More members" />
      <ChangeRoleDialog change={changing} onClose={() => setChanging(null)} />
      <RemoveMemberDialog member={removing} onClose={() => setRemoving(null)} />
    </>
  );
}

function Invitations() {
  const list = useQuery(invitationsQuery);
  const [revoking, setRevoking] = useState<Invitation | null>(null);
  return (
    <section aria-labelledby="open-invitations" className="mt-8">
      <h2 id="open-invitations" className="mb-3 text-card font-semibold">
        Pending invitations
      </h2>
      {list.error && !list.data && (
        <LoadProblem what="Invitations" error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.isPending && <Skeleton className="h-16" />}
      {list.data?.length === 0 && <p className="text-muted">No pending invitations.</p>}
      {list.data && list.data.length > 0 && <InvitationList invitations={list.data} onRevoke={setRevoking} />}
      <RevokeInvitationDialog invitation={revoking} onClose={() => setRevoking(null)} />
    </section>
  );
}
