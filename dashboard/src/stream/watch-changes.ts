import type { Connection, Delivery, EventRow, InspectedRequest, LiveAttempt, Replay } from "../api/types.ts";

export type Change =
  | { readonly kind: "delivery"; readonly row: Delivery }
  | { readonly kind: "event"; readonly row: EventRow }
  | { readonly kind: "connection"; readonly row: Connection }
  | { readonly kind: "replay"; readonly row: Replay }
  | { readonly kind: "inspector_request"; readonly row: InspectedRequest }
  | { readonly kind: "attempt"; readonly row: LiveAttempt };

const KINDS = [
  "delivery",
  "event",
  "connection",
  "replay",
  "inspector_request",
  "attempt",
] as const satisfies readonly Change["kind"][];

export type StreamState = "off" | "connecting" | "open" | "reconnecting";

export type ChangesWatcher = {
  readonly onChange: (change: Change) => void;
  /** What is known may have gaps from here on back: read it again. */
  readonly onGap: () => void;
  readonly onState: (state: StreamState) => void;
  /** The server answered, and would not let it follow. */
  readonly onRefused: () => void;
};

const RETRY_MS_MIN = 2_000;
const RETRY_MS_MAX = 60_000;

/**
 * Follows `GET /api/stream` until the returned function is called. The browser reconnects by itself and names the last
 * change it saw; when it gives up, a new stream starts, and what happened between is a gap. So is all that happened
 * before the first one stood: between the reading of a page and that moment, something may have changed.
 */
export function watchChanges(
  query: Readonly<Record<string, string>>,
  { onChange, onGap, onState, onRefused }: ChangesWatcher,
): () => void {
  const path = `/api/stream?${new URLSearchParams(query)}`;
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let retryMs = RETRY_MS_MIN;

  const open = () => {
    const opened = new EventSource(path);
    let isContinued = false;
    opened.addEventListener("open", () => {
      onState("open");
      retryMs = RETRY_MS_MIN;
      if (!isContinued) onGap();
      isContinued = true;
    });
    opened.addEventListener("error", () => {
      onState("reconnecting");
      if (opened.readyState !== EventSource.CLOSED) return;
      onRefused();
      retry = setTimeout(open, retryMs);
      retryMs = Math.min(2 * retryMs, RETRY_MS_MAX);
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
  // A browser keeps few connections to one server; tabs no one looks at must not use them up.
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
