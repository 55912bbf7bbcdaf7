import type { Opened } from "../navigation/use-opened.ts";

/** What the palette can do besides leading somewhere. */
export type Action = {
  readonly title: string;
  /** Tells it from another of the same title. */
  readonly note?: string;
  readonly does:
    | "theme"
    | "shortcuts"
    | "sign-out"
    | { readonly on: Page; readonly opens: Opened }
    | { readonly test: string };
  /** Why it cannot be done now; null when it can. */
  readonly blocked: string | null;
};

type Page = "/api-keys" | "/events" | "/integrations/webhook" | "/deliveries";

/** Every action that needs no connection, by what the person may do. Sending an event is open to look at for all. */
export function actionsFor(readOnlyReason: string | null, nextTheme: "light" | "dark"): Action[] {
  return [
    { title: "Send event", does: { on: "/events", opens: "send-event" }, blocked: null },
    {
      title: "Connect another",
      does: { on: "/integrations/webhook", opens: "connect" },
      blocked: readOnlyReason,
    },
    { title: "Replay deliveries", does: { on: "/deliveries", opens: "replay" }, blocked: readOnlyReason },
    { title: "Create API key", does: { on: "/api-keys", opens: "create-key" }, blocked: readOnlyReason },
    { title: `Switch theme to ${nextTheme}`, does: "theme", blocked: null },
    { title: "Keyboard shortcuts", does: "shortcuts", blocked: null },
    { title: "Sign out", does: "sign-out", blocked: null },
  ];
}

export type FoundConnection = {
  readonly id: string;
  readonly name: string;
  /** Where it sends to, as far as that may be shown; unknown when it was found by its id. */
  readonly preview?: string;
  readonly isDisconnected: boolean;
};

/** A test event to a connection that was found. */
export function testAction(connection: FoundConnection, readOnlyReason: string | null): Action {
  const disconnected = connection.isDisconnected ? "It is disconnected. Enter a webhook URL first." : null;
  return {
    title: `Send test event to ${connection.name}`,
    ...(connection.preview !== undefined && { note: connection.preview }),
    does: { test: connection.id },
    blocked: readOnlyReason ?? disconnected,
  };
}

/** Two connections may have one name. */
export function keyOfAction({ title, does }: Action): string {
  return typeof does === "object" && "test" in does ? `test ${does.test}` : title;
}

/** Whether a title holds every word that was typed, in any order. */
export function isMeant(title: string, typed: string): boolean {
  const words = typed.toLowerCase().split(/\s+/);
  return words.every((word) => title.toLowerCase().includes(word));
}

/** The connection someone means who types an action with its name: "send test event to Orders". */
export function connectionMeant(typed: string): string {
  return /^(?:send\s+)?test(?:\s+event)?\s+(?:to\s+)?(.+)$/i.exec(typed)?.[1] ?? typed;
}
