import type { Member } from "../api/types.ts";
import type { Role } from "../session/roles.ts";
import { useReadOnlyReason, useSession } from "../session/session-query.ts";
import { Button } from "../ui/button.tsx";
import { ActionCell, Table, TableCell, TableRow } from "../ui/table.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { RoleSelect } from "./role-select.tsx";
import { assignableRoles, LAST_OWNER_REASON, reasonAgainst } from "./roles.ts";

type MemberListProps = {
  members: readonly Member[];
  /** Whether the list is complete, so that a single owner in it is the last one. */
  isComplete: boolean;
  onChangeRole: (member: Member, role: Role) => void;
  onRemove: (member: Member) => void;
  onLeave: () => void;
};

/** The workspace's members, in the order in which they joined. */
export function MemberList({ members, isComplete, ...actions }: MemberListProps) {
  const owners = members.filter(({ role }) => role === "owner");
  return (
    <Table hasActions needs={44} caption="Members" columns={["Name", "Role", "Last seen", "Joined"]}>
      {members.map((member) => (
        <MemberRow
          key={member.id}
          member={member}
          isLastOwner={isComplete && owners.length === 1 && member.role === "owner"}
          {...actions}
        />
      ))}
    </Table>
  );
}

type MemberRowProps = Omit<MemberListProps, "members" | "isComplete"> & {
  member: Member;
  isLastOwner: boolean;
};

function MemberRow({ member, isLastOwner, onChangeRole, onRemove, onLeave }: MemberRowProps) {
  const { role } = useSession();
  const readOnlyReason = useReadOnlyReason();
  const reason = reasonAgainst({ role, readOnlyReason }, { role: member.role, isLastOwner });
  return (
    <TableRow>
      <TableCell>
        <span className="flex flex-wrap items-center gap-2">
          <span className="text-body font-medium [overflow-wrap:anywhere]">{member.name}</span>
          {member.is_you && (
            <span className="rounded-badge bg-accent-soft px-2 py-1 text-badge font-medium text-accent">
              You
            </span>
          )}
        </span>
        <span className="block text-muted [overflow-wrap:anywhere]">{member.email}</span>
      </TableCell>
      <TableCell label="Role">
        <div className="w-36">
          <RoleSelect
            member={member}
            options={assignableRoles(role)}
            disabledReason={reason}
            onChange={(next) => onChangeRole(member, next)}
          />
        </div>
      </TableCell>
      <TableCell label="Last seen">
        <span className="whitespace-nowrap">
          {member.last_seen_at ? <TimeAgo at={member.last_seen_at} /> : "Not signed in"}
        </span>
      </TableCell>
      <TableCell label="Joined">
        <TimeAgo at={member.joined_at} />
      </TableCell>
      <ActionCell>
        {member.is_you ? (
          <Button
            variant="danger"
            className="w-full @lg:w-auto"
            disabledReason={isLastOwner ? LAST_OWNER_REASON : null}
            onClick={onLeave}
          >
            Leave
          </Button>
        ) : (
          <Button
            variant="danger"
            className="w-full @lg:w-auto"
            aria-label={`Remove ${member.name}`}
            disabledReason={reason}
            onClick={() => onRemove(member)}
          >
            Remove
          </Button>
        )}
      </ActionCell>
    </TableRow>
  );
}
