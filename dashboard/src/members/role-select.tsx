import { useId, useState } from "react";
import type { Member } from "../api/types.ts";
import { ROLE_NAMES, type Role } from "../session/roles.ts";
import { Select } from "../ui/input.tsx";
import { Tooltip } from "../ui/tooltip.tsx";

type RoleSelectProps = {
  member: Member;
  options: readonly { readonly value: Role; readonly label: string }[];
  /** Why the role cannot be changed. The control remains focusable, so that the role and the reason can be read. */
  disabledReason: string | null;
  onChange: (role: Role) => void;
};

/** A member's role. It shows the server's value, so that a refused change does not appear done. */
export function RoleSelect({ member, options, disabledReason, onChange }: RoleSelectProps) {
  const reasonId = useId();
  const [showsReason, setShowsReason] = useState(false);
  const isBlocked = disabledReason !== null;
  const offered = isBlocked ? options.filter(({ value }) => value === member.role) : options;
  const hasOwn = offered.some(({ value }) => value === member.role);
  return (
    <>
      <Tooltip text={disabledReason ?? ""} open={showsReason && isBlocked} onOpenChange={setShowsReason}>
        <Select
          aria-label={`Role of ${member.name}`}
          aria-disabled={isBlocked || undefined}
          aria-describedby={isBlocked ? reasonId : undefined}
          value={member.role}
          onClick={() => isBlocked && setShowsReason(true)}
          onChange={(event) => onChange(event.target.value as Role)}
          className="aria-disabled:border-line aria-disabled:bg-sunken aria-disabled:text-muted"
        >
          {!hasOwn && <option value={member.role}>{ROLE_NAMES[member.role]}</option>}
          {offered.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </Tooltip>
      <span id={reasonId} hidden>
        {disabledReason}
      </span>
    </>
  );
}
