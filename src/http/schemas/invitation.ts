import { z } from "zod";
import type { Invitation } from "../../auth/list-invitations.ts";
import { PASSWORD_LENGTH_MAX } from "../../auth/people.ts";
import { email, role } from "./session.ts";
import { line, listOf, timestamp, toTimestamp, uuid } from "./shared.ts";

export const InvitationItem = z
  .object({
    id: uuid,
    email: z.string(),
    role,
    invited_by: z.object({ id: uuid, name: z.string() }),
    created_at: timestamp,
    expires_at: timestamp,
  })
  .meta({ id: "Invitation" });

export const InvitationList = listOf("InvitationList", InvitationItem);

const invitationAnswer = { object: z.literal("invitation"), data: InvitationItem };

export const InvitationAnswer = z.object(invitationAnswer).meta({ id: "InvitationAnswer" });
export const CreatedInvitationAnswer = z
  .object({
    ...invitationAnswer,
    url: z.url().meta({ description: "The link to pass on to the person. Only this response contains it." }),
    mailed: z.boolean().meta({ description: "Whether the link is also mailed to the person" }),
  })
  .meta({ id: "CreatedInvitationAnswer" });

export const InviteBody = z.strictObject({ email, role }).meta({ id: "InviteRequest" });

const token = z.string().min(1).max(200).meta({ writeOnly: true });

export const LookUpInvitationBody = z.strictObject({ token }).meta({ id: "LookUpInvitationRequest" });

export const InvitationLookupAnswer = z
  .object({
    object: z.literal("invitation_lookup"),
    data: z.object({
      workspace: z.string(),
      email: z.string(),
      role,
      invited_by: z.string(),
      expires_at: timestamp,
      has_account: z.boolean().meta({ description: "Then joining takes the password of that account" }),
      signed_in_as: z
        .object({ name: z.string(), email: z.string() })
        .nullable()
        .meta({ description: "Whose session the request carries, if any" }),
    }),
  })
  .meta({ id: "InvitationLookupAnswer" });

export const AcceptInvitationBody = z
  .strictObject({
    token,
    name: line({ min: 1, max: 100 }).optional().meta({ description: "For a new account" }),
    password: z.string().min(1, "Enter a password.").max(PASSWORD_LENGTH_MAX).optional().meta({
      writeOnly: true,
      description:
        "Of the new account, 12 characters or more; of the account there is; or left out by that person's session",
    }),
  })
  .meta({ id: "AcceptInvitationRequest" });

export function presentInvitation(invitation: Invitation): z.infer<typeof InvitationItem> {
  return {
    id: invitation.id,
    email: invitation.email,
    role: invitation.role,
    invited_by: invitation.invitedBy,
    created_at: toTimestamp(invitation.createdAt),
    expires_at: toTimestamp(invitation.expiresAt),
  };
}
