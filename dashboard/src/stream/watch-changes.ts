import type { Connection, Delivery, EventRow, LiveAttempt, Replay } from "../api/types.ts";

export type Change =
  | { readonly kind: "delivery"; readonly row: Delivery }
  | { readonly kind: "event"; readonly row: EventRow }
  | { readonly kind: "connection"; readonly row: Connection }
  | { readonly kind: "replay"; readonly row: Replay }
  | { readonly kind: "attempt"; readonly row: LiveAttempt };

const KINDS = [
  "delivery",
  "event",
  "connection",
  "replay",
  "attempt",
] as const satisfies readonly Change["kind"][];

export type StreamState = "off" | "connecting" | "open" | "reconnecting";

export type ChangesWatcher = {
  readonly onChange: (change: Change) => void;
  /** What is known may have gaps from here on back: read it again. */
  readonly onGap: () => void;
  readonly onState: (state: StreamState) => void;
};

const RETRY_MS = 2_000;

/**
 * Follows `GET /api/stream` until the returned function is called. The browser reconnects by itself and names the last
 * change it saw; when it gives up, a new stream starts, and what happened between is a gap. So is all that happened
 * before the first one stood: between the reading of a page and that moment, something may have changed.
 */
export function watchChanges(
  query: Readonly<Record<string, string>>,
  { onChange, onGap, onState }: ChangesWatcher,
): () => void {
  const path = `/api/stream?${new URLSearchParams(query)}`;
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const open = () => {
    const opened = new EventSource(path);
    let isContinued = false;
    opened.addEventListener("open", () => {
      onState("open");
      if (!isContinued) onGap();
      isContinued = true;
    });
    opened.addEventListener("error", () => {
      onState("reconnecting");
      if (opened.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
    });
    opened.addEventListener("reset", onGap);
    for (const kind of KINDS) {
      opened.addEventListener(kind, ({ data }) => onChange({ kind, row: JSON.parse(data) } as Change));
    }
    source = opened;
  };
  const close = () => {
    clearTimeout(retry);
    source?.close();
    source = null;
  };
  // A browser keeps few connections to one server; tabs nobody looks at must not use them up.
  const followVisibility = () => {
    if (document.hidden) close();
    else if (source === null) open();
  };

  onState("connecting");
  followVisibility();
  document.addEventListener("visibilitychange", followVisibility);
  return () => {
    document.removeEventListener("visibilitychange", followVisibility);
    close();
  };
}
