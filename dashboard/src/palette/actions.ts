import type { PageDialog } from "../navigation/use-page-dialog.ts";

/** An action that the palette offers besides navigation. */
export type Action = {
  readonly title: string;
  /** Distinguishes actions with the same title. */
  readonly note?: string;
  readonly effect:
    | "theme"
    | "shortcuts"
    | "sign-out"
    | { readonly on: Page; readonly opens: PageDialog }
    | { readonly test: string };
  /** Why the action is unavailable; null when it is available. */
  readonly blocked: string | null;
};

type Page = "/api-keys" | "/events" | "/integrations/webhook" | "/deliveries";

/**
 * Every action that needs no connection. Those that a viewer cannot do are blocked, except sending an event, whose
 * dialog is useful to read.
 */
export function actionsFor(readOnlyReason: string | null, nextTheme: "light" | "dark"): Action[] {
  return [
    { title: "Send event", effect: { on: "/events", opens: "send-event" }, blocked: null },
    {
      title: "Connect another",
      effect: { on: "/integrations/webhook", opens: "connect" },
      blocked: readOnlyReason,
    },
    { title: "Replay deliveries", effect: { on: "/deliveries", opens: "replay" }, blocked: readOnlyReason },
    { title: "Create API key", effect: { on: "/api-keys", opens: "create-key" }, blocked: readOnlyReason },
    { title: `Switch theme to ${nextTheme}`, effect: "theme", blocked: null },
    { title: "Keyboard shortcuts", effect: "shortcuts", blocked: null },
    { title: "Sign out", effect: "sign-out", blocked: null },
  ];
}

export type FoundConnection = {
  readonly id: string;
  readonly name: string;
  /** The redacted endpoint; unknown when the connection was found by its id. */
  readonly preview?: string;
  readonly isDisconnected: boolean;
};

/** The action that sends a test event to a connection. */
export function testAction(connection: FoundConnection, readOnlyReason: string | null): Action {
  const disconnected = connection.isDisconnected ? "It is disconnected. Enter a webhook URL first." : null;
  return {
    title: `Send test event to ${connection.name}`,
    ...(connection.preview !== undefined && { note: connection.preview }),
    effect: { test: connection.id },
    blocked: readOnlyReason ?? disconnected,
  };
}

/** Two connections can have the same name. */
export function keyOfAction({ title, effect }: Action): string {
  return typeof effect === "object" && "test" in effect ? `test ${effect.test}` : title;
}

/** Whether a title contains every typed word, in any order. */
export function titleMatches(title: string, typed: string): boolean {
  const words = typed.toLowerCase().split(/\s+/);
  return words.every((word) => title.toLowerCase().includes(word));
}

/** The connection name in a typed action: "send test event to Orders". */
export function connectionNameIn(typed: string): string {
  return /^(?:send\s+)?test(?:\s+event)?\s+(?:to\s+)?(.+)$/i.exec(typed)?.[1] ?? typed;
}
