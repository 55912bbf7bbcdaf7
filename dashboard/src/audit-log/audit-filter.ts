import { isUuid } from "../../../src/domain/id.ts";
import { boundsOf, readTimeRange, type TimeRange } from "../filters/time-range.ts";
import { actionWords } from "./audit-words.ts";

const ACTIONS = [
  {
    of: "connection",
    label: "Connections",
    done: ["connected", "updated", "secret_rotated", "paused", "resumed", "tested", "disconnected"],
  },
  { of: "inspector", label: "Inspector", done: ["updated", "cleared"] },
  { of: "event", label: "Events", done: ["data_erased"] },
  { of: "delivery", label: "Deliveries", done: ["retried", "cancelled"] },
  { of: "replay", label: "Replays", done: ["started", "paused", "resumed", "stopped"] },
  { of: "api_key", label: "API keys", done: ["created", "revoked"] },
  { of: "member", label: "Members", done: ["invited", "joined", "role_changed", "removed", "left"] },
  { of: "invitation", label: "Invitations", done: ["revoked"] },
  { of: "workspace", label: "Workspace", done: ["created", "updated"] },
  { of: "user", label: "Accounts", done: ["created", "updated", "password_changed"] },
  { of: "session", label: "Sign-ins", done: ["created", "failed", "ended", "revoked"] },
] as const;

/** For each kind of object, all its actions first, then each action. */
const ACTION_OPTIONS: readonly { value: string; label: string }[] = ACTIONS.flatMap(({ of, label, done }) => [
  { value: `${of}.*`, label: `${label}: all` },
  ...done.map((word) => ({ value: `${of}.${word}`, label: actionWords(`${of}.${word}`) })),
]);

export const ACTOR_OPTIONS = [
  { value: "user", label: "People" },
  { value: "api_key", label: "API keys" },
  { value: "cli", label: "Command line" },
  { value: "system", label: "OpenSend itself" },
  { value: "anonymous", label: "Not signed in" },
] as const;

type ActorKind = (typeof ACTOR_OPTIONS)[number]["value"];

/** The filter of the audit log, as the page's URL contains it. */
export type AuditFilter = TimeRange & {
  action?: string | undefined;
  /** A kind of actor, or an actor's id. */
  actor?: string | undefined;
  target?: string | undefined;
};

export function readAuditFilter(search: Record<string, unknown>): AuditFilter {
  const { action, actor, target } = search;
  const isActor = isId(actor) || ACTOR_OPTIONS.some(({ value }) => value === actor);
  return {
    action: typeof action === "string" && /^[a-z_]+\.([a-z_]+|\*)$/.test(action) ? action : undefined,
    actor: isActor ? (actor as string) : undefined,
    target: isId(target) ? target : undefined,
    ...readTimeRange(search),
  };
}

/** The selectable actions, including the one in the URL. */
export function actionOptions(chosen: string | undefined) {
  const isListed = chosen === undefined || ACTION_OPTIONS.some(({ value }) => value === chosen);
  return isListed ? ACTION_OPTIONS : [{ value: chosen, label: actionWords(chosen) }, ...ACTION_OPTIONS];
}

export function isId(value: unknown): value is string {
  return typeof value === "string" && isUuid(value);
}

/** The filter as query parameters of `GET /api/audit-log`. */
export function toAuditQuery(filter: AuditFilter, nowMs: number) {
  const { from, before } = boundsOf(filter, nowMs);
  return {
    ...(filter.action !== undefined && { action: filter.action }),
    ...(filter.actor !== undefined && { actor: filter.actor as ActorKind }),
    ...(filter.target !== undefined && { target_id: filter.target }),
    ...(from !== undefined && { created_from: from }),
    ...(before !== undefined && { created_before: before }),
  };
}

/** The URL that exports the same entries as a file. */
export function exportAddress(filter: AuditFilter, nowMs: number): string {
  const query = new URLSearchParams(toAuditQuery(filter, nowMs)).toString();
  return query === "" ? "/api/audit-log/export" : `/api/audit-log/export?${query}`;
}
