import type { Database } from "../db/open.ts";
import type { Page, PageRequest } from "../db/paging.ts";
import type { Role } from "../db/schema.ts";
import { OpenSendError } from "../domain/errors.ts";

/** A person in a workspace. Times are epoch milliseconds. */
export type Member = {
  /** The membership's id. */
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly createdAt: number;
  /** When their latest session was created or renewed (once per day); null without a session. */
  readonly lastSeenAt: number | null;
};

/** A workspace's members, in the order in which they joined. */
export async function listMembers(
  db: Database,
  workspaceId: string,
  { after, limit }: PageRequest,
): Promise<Page<Member>> {
  let query = selectMembers(db, workspaceId);
  if (after !== null) query = query.where("members.id", ">", after.id);
  const found = await query
    .orderBy("members.id")
    .limit(limit + 1)
    .execute();
  return { rows: await withLastSeen(db, found.slice(0, limit)), hasMore: found.length > limit };
}

/** @throws {OpenSendError} `not_found`. */
export async function getMember(db: Database, workspaceId: string, id: string): Promise<Member> {
  const found = await selectMembers(db, workspaceId).where("members.id", "=", id).execute();
  const [member] = await withLastSeen(db, found);
  if (member === undefined) throw memberNotFound();
  return member;
}

/** The member that a change is about. @throws {OpenSendError} `not_found`. */
export async function findMember(
  db: Database,
  workspaceId: string,
  id: string,
): Promise<Pick<Member, "userId" | "role" | "name">> {
  const row = await selectMembers(db, workspaceId).where("members.id", "=", id).executeTakeFirst();
  if (row === undefined) throw memberNotFound();
  return { userId: row.user_id, role: row.role, name: row.name };
}

function memberNotFound(): OpenSendError {
  return new OpenSendError(
    "not_found",
    "This workspace has no member with that id. Copy the id from the list of members.",
  );
}

function selectMembers(db: Database, workspaceId: string) {
  return db
    .selectFrom("members")
    .innerJoin("users", "users.id", "members.user_id")
    .select([
      "members.id",
      "members.user_id",
      "members.role",
      "members.created_at",
      "users.name",
      "users.email",
    ])
    .where("members.workspace_id", "=", workspaceId);
}

type MemberRow = Awaited<ReturnType<ReturnType<typeof selectMembers>["execute"]>>[number];

async function withLastSeen(db: Database, rows: readonly MemberRow[]): Promise<Member[]> {
  const seen =
    rows.length === 0
      ? []
      : await db
          .selectFrom("sessions")
          .select(["user_id", (eb) => eb.fn.max("updated_at").as("updated_at")])
          .where(
            "user_id",
            "in",
            rows.map((row) => row.user_id),
          )
          .groupBy("user_id")
          .execute();
  const seenAt = new Map(seen.map((row) => [row.user_id, new Date(row.updated_at).getTime()]));
  return rows.map((row) => ({
    id: row.id,
    userId: row.user_id,
    name: row.name,
    email: row.email,
    role: row.role,
    createdAt: new Date(row.created_at).getTime(),
    lastSeenAt: seenAt.get(row.user_id) ?? null,
  }));
}
