/** The effect of a shortcut: navigation, a popup, a move, or a click on the control that shows its key. */
export type Deed =
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
  readonly does?: Deed;
};

/** All single-key shortcuts. The handlers and the help dialog are derived from this list. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: "?", words: "Show these shortcuts", where: "Everywhere", does: { open: "help" } },
  { keys: "g o", words: "Go to the overview", where: "Everywhere", does: { go: "/" } },
  { keys: "g i", words: "Go to integrations", where: "Everywhere", does: { go: "/integrations" } },
  { keys: "g d", words: "Go to deliveries", where: "Everywhere", does: { go: "/deliveries" } },
  { keys: "g e", words: "Go to events", where: "Everywhere", does: { go: "/events" } },
  { keys: "g k", words: "Go to API keys", where: "Everywhere", does: { go: "/api-keys" } },
  { keys: "g m", words: "Go to members", where: "Everywhere", does: { go: "/members" } },
  { keys: "g a", words: "Go to the audit log", where: "Everywhere", does: { go: "/audit-log" } },
  { keys: "g s", words: "Go to settings", where: "Everywhere", does: { go: "/settings" } },
  { keys: "/", words: "Go to the filter", where: "In lists", does: "filter" },
  { keys: "j", words: "Next row", where: "In lists", does: { move: 1 } },
  { keys: "k", words: "Previous row", where: "In lists", does: { move: -1 } },
  { keys: "x", words: "Select the row", where: "In lists", does: "select" },
  { keys: "Enter", words: "Open the row", where: "In lists" },
  { keys: "r", words: "Replay, or retry now", where: "On a delivery", does: "press" },
  { keys: "c", words: "Copy as curl", where: "On a delivery", does: "press" },
  { keys: "Esc", words: "Close the panel", where: "On a delivery" },
];
