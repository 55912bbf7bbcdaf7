import { z } from "zod";
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from "../../auth/people.ts";
import type { SessionListing, SessionView } from "../../auth/sessions.ts";
import { effectiveRetentionDays, type RetentionDays } from "../../domain/retention-days.ts";
import { line, listOf, timestamp, toTimestamp, uuid } from "./shared.ts";

export const role = z.enum(["owner", "admin", "viewer"]).meta({ id: "Role" });

export const SessionData = z
  .object({
    id: uuid,
    user: z.object({ id: uuid, name: z.string(), email: z.string() }),
    workspace: z.object({ id: uuid, name: z.string() }),
    role,
    expires_at: timestamp,
    retention: z.object({ payload_days: z.int(), status_days: z.int() }).meta({
      description: "How long the workspace keeps payloads with attempts, and statuses; 0 for ever",
    }),
  })
  .meta({ id: "Session" });

export const SessionAnswer = z
  .object({ object: z.literal("session"), data: SessionData })
  .meta({ id: "SessionAnswer" });

export function presentSession(
  session: SessionView,
  retentionLimits: RetentionDays,
): z.infer<typeof SessionAnswer> {
  const { id, user, workspace, role, expiresAt } = session;
  const { payloadDays, statusDays } = effectiveRetentionDays(retentionLimits, workspace.retentionDays);
  const retention = { payload_days: payloadDays, status_days: statusDays };
  return {
    object: "session",
    data: {
      id,
      user,
      workspace: { id: workspace.id, name: workspace.name },
      role,
      expires_at: toTimestamp(expiresAt),
      retention,
    },
  };
}

const SessionItem = z
  .object({
    id: uuid,
    created_at: timestamp,
    updated_at: timestamp,
    expires_at: timestamp,
    address: z.string().nullable(),
    user_agent: z.string().nullable(),
    current: z.boolean(),
  })
  .meta({ id: "SessionListing" });

export const SessionList = listOf("SessionList", SessionItem);

export function presentSessionItem(session: SessionListing, currentId: string): z.infer<typeof SessionItem> {
  return {
    id: session.id,
    created_at: toTimestamp(session.createdAt),
    updated_at: toTimestamp(session.updatedAt),
    expires_at: toTimestamp(session.expiresAt),
    address: session.address,
    user_agent: session.userAgent,
    current: session.id === currentId,
  };
}

export const email = z.preprocess(
  (value) => (typeof value === "string" ? value.trim() : value),
  z.email("Must be an email address.").max(254),
);
export const newPassword = z
  .string()
  .min(PASSWORD_LENGTH_MIN, `Use at least ${PASSWORD_LENGTH_MIN} characters.`)
  .max(PASSWORD_LENGTH_MAX, `Use at most ${PASSWORD_LENGTH_MAX} characters.`)
  .meta({ writeOnly: true });

export const SetupBody = z
  .strictObject({
    token: z.string().min(1).max(200).meta({ writeOnly: true }),
    email,
    password: newPassword,
    name: line({ min: 1, max: 100 }).optional(),
  })
  .meta({ id: "SetupRequest" });

export const SignInBody = z
  .strictObject({
    email: z.string().min(1, "Enter an email.").max(254),
    password: z.string().min(1, "Enter a password.").max(PASSWORD_LENGTH_MAX).meta({ writeOnly: true }),
  })
  .meta({ id: "SignInRequest" });
