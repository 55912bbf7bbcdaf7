import type { Database } from "../db/open.ts";
import type { Role } from "../db/schema.ts";
import type { Actor } from "../domain/actor.ts";
import { addressSubject } from "../domain/address-subject.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import { OpenSendError } from "../domain/errors.ts";
import type { OwnRetentionDays } from "../domain/retention-days.ts";
import type { MailQueue } from "../mail/mail-queue.ts";
import { normalizeEmail } from "./create-user.ts";
import type { Identity } from "./identity.ts";
import { lockWorkspace } from "./lock-workspace.ts";
import { ADDRESS_HEADER, type People } from "./people.ts";
import { countAttempt, resetAttempts } from "./sign-in-throttle.ts";

/** Dependencies of the operations on sessions. */
export type SessionDeps = {
  readonly db: Database;
  readonly people: People;
  readonly sessionSecret: string;
  /** Null if no mail server is configured. */
  readonly mailQueue: MailQueue | null;
  readonly now: () => number;
  readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void>;
  /**
   * Adds the entry to an existing one of the same action and address within `withinMs`, or else records a new entry.
   */
  readonly foldAudit: (db: Database, entry: AuditEntry, withinMs: number, now: number) => Promise<void>;
};

/** Password guessing leaves one entry per hour, so it does not bury the rest of the audit log. */
const FAILURES_FOLDED_MS = 60 * 60 * 1000;

export type SessionView = {
  readonly id: string;
  readonly user: { readonly id: string; readonly name: string; readonly email: string };
  readonly workspace: {
    readonly id: string;
    readonly name: string;
    readonly retentionDays: OwnRetentionDays;
  };
  readonly role: Role;
  readonly expiresAt: number;
};

export type Caller = { readonly address: string | null; readonly userAgent: string | null };

export type NewSession = { readonly session: SessionView; readonly cookies: string[] };

/**
 * Signs in. A wrong email and a wrong password get the same response in the same time. Returns the cookies to set.
 *
 * @throws {OpenSendError} `invalid_sign_in`, `sign_in_throttled`; with the right password of someone without any
 * membership `no_workspace`.
 */
export async function signIn(
  deps: SessionDeps,
  input: { readonly email: string; readonly password: string },
  caller: Caller,
): Promise<NewSession> {
  await countAttempt(deps.db, deps.sessionSecret, { ...input, address: caller.address }, deps.now());
  return openSession(deps, { ...input, workspaceId: null }, caller);
}

/**
 * Creates a session for a correct password, in the given workspace, or else in the one the person joined first. The
 * caller has already counted the attempt.
 *
 * @throws {OpenSendError} `invalid_sign_in`, `no_workspace`.
 */
export async function openSession(
  deps: SessionDeps,
  input: { readonly email: string; readonly password: string; readonly workspaceId: string | null },
  caller: Caller,
): Promise<NewSession> {
  const { headers, response } = await checkPassword(deps, input, caller);
  if (input.workspaceId !== null) {
    await deps.db
      .updateTable("sessions")
      .set({ active_workspace_id: input.workspaceId })
      .where("token", "=", response.token)
      .execute();
  }
  const cookies = headers.getSetCookie();
  const session = await readSession(deps, cookies.map((cookie) => cookie.split(";")[0]).join("; "));
  const attempt = { email: input.email, address: caller.address };
  await resetAttempts(deps.db, deps.sessionSecret, attempt, deps.now());
  if (session === null) {
    await deps.db.deleteFrom("sessions").where("token", "=", response.token).execute();
    throw noWorkspace();
  }
  const { identity, view } = session;
  const actor = { kind: "user", id: identity.userId, name: identity.name, ...at(identity, caller) } as const;
  const target = { kind: "session", id: view.id } as const;
  await deps.recordAudit(deps.db, { actor, action: "session.created", target, metadata: {} }, deps.now());
  return { session: view, cookies };
}

export async function checkPassword(
  deps: SessionDeps,
  { email, password }: { email: string; password: string },
  caller: Caller,
): Promise<{ headers: Headers; response: { token: string } }> {
  const headers = new Headers();
  if (caller.address !== null) headers.set(ADDRESS_HEADER, caller.address);
  if (caller.userAgent !== null) headers.set("user-agent", caller.userAgent);
  try {
    return await (await deps.people()).api.signInEmail({
      body: { email: normalizeEmail(email), password },
      headers,
      returnHeaders: true,
    });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await recordFailure(deps, email, caller);
    throw invalidSignIn();
  }
}

/** Detects Better Auth's `APIError` with a status below 500 by its shape, since the library is loaded lazily. */
function isRefusal(error: unknown): boolean {
  const { name, statusCode } = (error ?? {}) as { name?: unknown; statusCode?: unknown };
  return name === "APIError" && typeof statusCode === "number" && statusCode < 500;
}

export function invalidSignIn(): OpenSendError {
  return new OpenSendError("invalid_sign_in", "Email or password is wrong. Check both and try again.");
}

function noWorkspace(): OpenSendError {
  return new OpenSendError(
    "no_workspace",
    "Your account belongs to no workspace any more. Ask an owner or admin of one for an invitation.",
  );
}

/** Records one entry per hour and address. Unknown emails are left out: people type passwords into that field. */
export async function recordFailure(deps: SessionDeps, email: string, caller: Caller): Promise<void> {
  const known = await findByEmail(deps.db, email);
  const workspaceId =
    known?.workspace_id ??
    (await deps.db.selectFrom("workspaces").select("id").orderBy("id").executeTakeFirst())?.id;
  if (workspaceId === undefined) return;
  const actor: Actor = {
    kind: "anonymous",
    id: known?.id ?? null,
    name: known?.name ?? "Unknown account",
    workspaceId,
    address: caller.address === null ? null : addressSubject(caller.address),
  };
  const metadata = { reason: known === undefined ? "unknown_account" : "wrong_password" };
  const target = { kind: "session", id: null } as const;
  await deps.db.transaction().execute(async (trx) => {
    await lockWorkspace(trx, workspaceId);
    const entry = { actor, action: "session.failed", target, metadata } as const;
    await deps.foldAudit(trx, entry, FAILURES_FOLDED_MS, deps.now());
  });
}

async function findByEmail(db: Database, email: string) {
  // No email contains NUL, and PostgreSQL rejects text that does.
  if (email.includes("\0")) return undefined;
  return db
    .selectFrom("users")
    .innerJoin("members", "members.user_id", "users.id")
    .select(["users.id", "users.name", "members.workspace_id"])
    .where("users.email", "=", normalizeEmail(email))
    .orderBy("members.id")
    .executeTakeFirst();
}

export type SignedIn = {
  readonly identity: Identity & { kind: "user" };
  readonly view: SessionView;
  /** Cookies of a session that was renewed by this read. */
  readonly cookies: readonly string[];
};

/**
 * The session of a Cookie header, or null if it is missing, expired, revoked or belongs to no workspace. Its workspace
 * is the one last switched to, if the person is still a member there, or else the one they joined first.
 */
export async function readSession(
  deps: Pick<SessionDeps, "db" | "people">,
  cookieHeader: string,
): Promise<SignedIn | null> {
  const { headers, response } = await (await deps.people()).api.getSession({
    headers: new Headers({ cookie: cookieHeader }),
    returnHeaders: true,
  });
  if (response === null) return null;
  const { session, user } = response;
  let memberships = deps.db
    .selectFrom("members")
    .innerJoin("workspaces", "workspaces.id", "members.workspace_id")
    .select([
      "members.role",
      "workspaces.id",
      "workspaces.name",
      "workspaces.payload_retention_days",
      "workspaces.status_retention_days",
    ])
    .where("members.user_id", "=", user.id);
  const { activeOrganizationId: active = null } = session as { activeOrganizationId?: string | null };
  if (active !== null) {
    memberships = memberships.orderBy((eb) =>
      eb.case().when("workspaces.id", "=", active).then(eb.lit(0)).else(eb.lit(1)).end(),
    );
  }
  const member = await memberships.orderBy("members.id").executeTakeFirst();
  if (member === undefined) return null;
  const view: SessionView = {
    id: session.id,
    user: { id: user.id, name: user.name, email: user.email },
    workspace: {
      id: member.id,
      name: member.name,
      retentionDays: { payloadDays: member.payload_retention_days, statusDays: member.status_retention_days },
    },
    role: member.role,
    expiresAt: session.expiresAt.getTime(),
  };
  const identity = {
    kind: "user",
    workspaceId: member.id,
    userId: user.id,
    sessionId: session.id,
    name: user.name,
    role: member.role,
  } as const;
  return { identity, view, cookies: headers.getSetCookie() };
}

/** Ends the session of a Cookie header. Returns the cookies that clear it in the browser. */
export async function signOut(
  deps: SessionDeps,
  actor: Actor,
  sessionId: string,
  cookieHeader: string,
): Promise<string[]> {
  const { headers } = await (await deps.people()).api.signOut({
    headers: new Headers({ cookie: cookieHeader }),
    returnHeaders: true,
  });
  const target = { kind: "session", id: sessionId } as const;
  await deps.recordAudit(deps.db, { actor, action: "session.ended", target, metadata: {} }, deps.now());
  return headers.getSetCookie();
}

export type SessionListing = {
  readonly id: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number;
  readonly address: string | null;
  readonly userAgent: string | null;
};

/** A person's sessions that have not expired, newest first, without their tokens. */
export async function listSessions(db: Database, userId: string, now: number): Promise<SessionListing[]> {
  const rows = await db
    .selectFrom("sessions")
    .select(["id", "created_at", "updated_at", "expires_at", "ip_address", "user_agent"])
    .where("user_id", "=", userId)
    .where("expires_at", ">", new Date(now).toISOString())
    .orderBy("created_at", "desc")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    createdAt: new Date(row.created_at).getTime(),
    updatedAt: new Date(row.updated_at).getTime(),
    expiresAt: new Date(row.expires_at).getTime(),
    address: row.ip_address,
    userAgent: row.user_agent,
  }));
}

/**
 * Ends one of the caller's own sessions immediately.
 *
 * @throws {OpenSendError} `not_found`.
 */
export async function revokeSession(deps: SessionDeps, actor: Actor, sessionId: string): Promise<void> {
  const { numDeletedRows } = await deps.db
    .deleteFrom("sessions")
    .where("id", "=", sessionId)
    .where("user_id", "=", actor.id ?? "")
    .executeTakeFirst();
  if (numDeletedRows === 0n) {
    throw new OpenSendError(
      "not_found",
      "You have no session with that id. Copy the id from the list of your sessions.",
    );
  }
  const target = { kind: "session", id: sessionId } as const;
  await deps.recordAudit(deps.db, { actor, action: "session.revoked", target, metadata: {} }, deps.now());
}

function at(identity: Identity, caller: Caller) {
  return { workspaceId: identity.workspaceId, address: caller.address };
}
