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
  /** Changes may have been missed: read everything again. */
  readonly onGap: () => void;
  readonly onState: (state: StreamState) => void;
  /** The server responded, and refused the stream. */
  readonly onRefused: () => void;
};

const RETRY_MS_MIN = 2_000;
const RETRY_MS_MAX = 60_000;

/**
 * Subscribes to `GET /api/stream` until the returned function is called. The browser reconnects by itself and names the
 * last change it saw. When it gives up, a new stream starts with a gap. The first stream starts with a gap too, because
 * changes can happen between reading a page and connecting.
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
  // Browsers limit the connections per server; hidden tabs must not use them up.
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
