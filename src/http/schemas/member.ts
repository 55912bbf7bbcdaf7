import { z } from "zod";
import type { Member } from "../../auth/list-members.ts";
import { role } from "./session.ts";
import { listOf, timestamp, toNullableTimestamp, toTimestamp, uuid } from "./shared.ts";

export const MemberView = z
  .object({
    id: uuid.meta({ description: "Of the membership" }),
    user_id: uuid,
    name: z.string(),
    email: z.string(),
    role,
    joined_at: timestamp,
    last_seen_at: timestamp.nullable().meta({
      description:
        "When their newest session was created or last renewed, which is daily; null while they have none",
    }),
    is_you: z.boolean(),
  })
  .meta({ id: "Member" });

export const MemberList = listOf("MemberList", MemberView);

export const MemberAnswer = z
  .object({ object: z.literal("member"), data: MemberView })
  .meta({ id: "MemberAnswer" });

export const ChangeMemberBody = z.strictObject({ role }).meta({ id: "ChangeMemberRequest" });

export function presentMember(member: Member, userId: string | null): z.infer<typeof MemberView> {
  return {
    id: member.id,
    user_id: member.userId,
    name: member.name,
    email: member.email,
    role: member.role,
    joined_at: toTimestamp(member.createdAt),
    last_seen_at: toNullableTimestamp(member.lastSeenAt),
    is_you: member.userId === userId,
  };
}
