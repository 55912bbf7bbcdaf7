import type { Invitation } from "../api/types.ts";
import { ROLE_NAMES } from "../session/roles.ts";
import { useReadOnlyReason, useSession } from "../session/session-query.ts";
import { absoluteTime, dayOf } from "../text/time-ago.ts";
import { Button } from "../ui/button.tsx";
import { ActionCell, Table, TableCell, TableRow } from "../ui/table.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { reasonAgainstRevoking } from "./roles.ts";

type InvitationListProps = {
  invitations: readonly Invitation[];
  onRevoke: (invitation: Invitation) => void;
};

/** Pending invitations, newest first. */
export function InvitationList({ invitations, onRevoke }: InvitationListProps) {
  const { role } = useSession();
  const readOnlyReason = useReadOnlyReason();
  return (
    <Table
      hasActions
      needs={52}
      caption="Pending invitations"
      columns={["Email", "Role", "Invited by", "Expires"]}
    >
      {invitations.map((invitation) => (
        <TableRow key={invitation.id}>
          <TableCell>
            <span className="text-body font-medium [overflow-wrap:anywhere]">{invitation.email}</span>
          </TableCell>
          <TableCell label="Role">{ROLE_NAMES[invitation.role]}</TableCell>
          <TableCell label="Invited by">
            <span className="block [overflow-wrap:anywhere]">{invitation.invited_by.name}</span>
            <span className="text-muted">
              <TimeAgo at={invitation.created_at} />
            </span>
          </TableCell>
          <TableCell label="Expires">
            <time dateTime={invitation.expires_at} title={absoluteTime(new Date(invitation.expires_at))}>
              {dayOf(new Date(invitation.expires_at))}
            </time>
          </TableCell>
          <ActionCell>
            <Button
              variant="danger"
              className="w-full @lg:w-auto"
              aria-label={`Revoke the invitation of ${invitation.email}`}
              disabledReason={reasonAgainstRevoking({ role, readOnlyReason }, invitation)}
              onClick={() => onRevoke(invitation)}
            >
              Revoke
            </Button>
          </ActionCell>
        </TableRow>
      ))}
    </Table>
  );
}
