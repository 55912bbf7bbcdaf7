/** The effect of a shortcut: navigation, a popup, a move, or a click on the control that shows its key. */
export type ShortcutAction =
  | {
      readonly go:
        | "/"
        | "/integrations"
        | "/deliveries"
        | "/events"
        | "/api-keys"
        | "/members"
        | "/audit-log"
        | "/settings";
    }
  | { readonly open: "help" }
  | { readonly move: 1 | -1 }
  | "filter"
  | "select"
  | "press";

export type Shortcut = {
  /** Values of `KeyboardEvent.key`, separated by spaces. */
  readonly keys: string;
  readonly words: string;
  readonly where: "Everywhere" | "In lists" | "On a delivery";
  /** Undefined when the browser or the page handles the keys itself. */
  readonly action?: ShortcutAction;
};

/** All single-key shortcuts. The handlers and the help dialog are derived from this list. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: "?", words: "Show these shortcuts", where: "Everywhere", action: { open: "help" } },
  { keys: "g o", words: "Go to the overview", where: "Everywhere", action: { go: "/" } },
  { keys: "g i", words: "Go to integrations", where: "Everywhere", action: { go: "/integrations" } },
  { keys: "g d", words: "Go to deliveries", where: "Everywhere", action: { go: "/deliveries" } },
  { keys: "g e", words: "Go to events", where: "Everywhere", action: { go: "/events" } },
  { keys: "g k", words: "Go to API keys", where: "Everywhere", action: { go: "/api-keys" } },
  { keys: "g m", words: "Go to members", where: "Everywhere", action: { go: "/members" } },
  { keys: "g a", words: "Go to the audit log", where: "Everywhere", action: { go: "/audit-log" } },
  { keys: "g s", words: "Go to settings", where: "Everywhere", action: { go: "/settings" } },
  { keys: "/", words: "Go to the filter", where: "In lists", action: "filter" },
  { keys: "j", words: "Next row", where: "In lists", action: { move: 1 } },
  { keys: "k", words: "Previous row", where: "In lists", action: { move: -1 } },
  { keys: "x", words: "Select the row", where: "In lists", action: "select" },
  { keys: "Enter", words: "Open the row", where: "In lists" },
  { keys: "r", words: "Replay, or retry now", where: "On a delivery", action: "press" },
  { keys: "c", words: "Copy as curl", where: "On a delivery", action: "press" },
  { keys: "Esc", words: "Close the panel", where: "On a delivery" },
];
