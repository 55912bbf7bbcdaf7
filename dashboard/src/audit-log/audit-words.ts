import type { AuditEntry } from "../api/types.ts";

/** Labels for actions whose API names are not plain enough. */
const ACTION_WORDS: Readonly<Record<string, string>> = {
  "connection.tested": "Test event sent",
  "user.created": "Account created",
  "user.updated": "Account updated",
  "user.password_changed": "Password changed",
  "user.password_reset": "Password reset",
  "session.created": "Signed in",
  "session.failed": "Sign-in failed",
  "session.ended": "Signed out",
  "session.revoked": "Session ended",
};

const TARGET_WORDS: Readonly<Record<string, string>> = { api_key: "API key", user: "Account" };

/** The action in words: "Connection paused", "API key revoked". */
export function actionWords(action: string): string {
  return ACTION_WORDS[action] ?? sentence(action.replace(".", " "));
}

export function targetWords(kind: string): string {
  return TARGET_WORDS[kind] ?? sentence(kind);
}

/** The entry's metadata except the target's name: "changed: name, event types". */
export function detailWords({ metadata }: Pick<AuditEntry, "metadata">): string {
  return Object.entries(metadata)
    .filter(([key, value]) => key !== "name" && value !== null)
    .map(([key, value]) => `${spaced(key)}: ${valueWords(value)}`)
    .join(" · ");
}

function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueWords).join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return /^[a-z_]+$/.test(value) ? spaced(value) : value;
  return JSON.stringify(value);
}

function sentence(words: string): string {
  const text = spaced(words).replace(/^api /, "API ");
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function spaced(words: string): string {
  return words.replaceAll("_", " ");
}
