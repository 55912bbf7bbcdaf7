import type { Pooler } from "./pooler.ts";

/** A finding, and what to do about it, null if nothing. For the log and the doctor. */
export type PoolerFinding = { readonly text: string; readonly fix: string | null };

/** Describes a pooler in transaction mode. */
export function describePooler({ keepsNames }: Pooler): PoolerFinding {
  const text = "DATABASE_URL leads to a pooler in transaction mode";
  if (keepsNames) return { text: `${text}, which keeps prepared statements`, fix: null };
  return {
    text: `${text}, which does not keep prepared statements: PostgreSQL plans every statement each time, which takes more of its processor`,
    fix: "With PgBouncer, use version 1.21 or newer and set max_prepared_statements to 200.",
  };
}

/** Describes a process that does not receive the others' notifications. */
export function describeNotListening(hasListenUrl: boolean): PoolerFinding {
  const reason = hasListenUrl
    ? "notifications sent over DATABASE_URL do not arrive over OPENSEND_DATABASE_LISTEN_URL"
    : "LISTEN does not work through the pooler that DATABASE_URL leads to";
  return {
    text: `${reason}, so processes poll: an event that another process accepts leaves up to half a second later, and live views are read again every 5 seconds`,
    fix: hasListenUrl
      ? "Let OPENSEND_DATABASE_LISTEN_URL lead to the same database, without a pooler in transaction mode."
      : "Set OPENSEND_DATABASE_LISTEN_URL to a URL that leads to PostgreSQL without the pooler.",
  };
}
