import assert from "node:assert/strict";

const DEADLINE_MS = 20_000;

export type StreamEvent = {
  readonly id: string;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read objects of every kind and assert what they find.
  readonly data: any;
};

/** A stream of server-sent events, parsed as the standard requires (WHATWG HTML, 9.2.6). */
export type EventStream = {
  readonly status: number;
  readonly headers: Headers;
  /** The body of a response that is not an event stream. */
  readonly body: string;
  readonly events: StreamEvent[];
  /** The `Last-Event-ID` that a browser would send on its next connection. */
  readonly lastId: () => string;
  readonly retryMs: () => number | null;
  readonly comments: () => number;
  /** Waits until the condition is true, checking it after every event. */
  readonly until: (condition: () => boolean) => Promise<void>;
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  readonly close: () => void;
};

export async function openEventStream(
  url: string,
  headers: Record<string, string> = {},
): Promise<EventStream> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
  const events: StreamEvent[] = [];
  // A connection that is cut before its first event does not change where the next one resumes.
  let lastId = headers["last-event-id"] ?? new URL(url).searchParams.get("last_event_id") ?? "";
  let retryMs: number | null = null;
  let comments = 0;
  const watchers = new Set<() => void>();

  const readBlock = (lines: readonly string[]) => {
    let type = "message";
    const data: string[] = [];
    for (const line of lines) {
      const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (field === "") comments++;
      else if (field === "event") type = value;
      else if (field === "data") data.push(value);
      else if (field === "id") lastId = value;
      else if (field === "retry") retryMs = Number(value);
      else assert.fail(`unknown field in the stream: ${line}`);
    }
    if (data.length > 0) events.push({ id: lastId, type, data: JSON.parse(data.join("\n")) });
    for (const check of watchers) check();
  };

  const read = async () => {
    let text = "";
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) readBlock(block.split("\n"));
    }
  };
  const decoder = new TextDecoder();
  const body = isStream ? "" : await response.text();
  const ended = isStream ? read().catch(() => undefined) : Promise.resolve();

  return {
    status: response.status,
    headers: response.headers,
    body,
    events,
    lastId: () => lastId,
    retryMs: () => retryMs,
    comments: () => comments,
    until: (condition) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (!condition()) return;
          clearTimeout(deadline);
          watchers.delete(check);
          resolve();
        };
        const deadline = setTimeout(() => {
          watchers.delete(check);
          reject(new Error(`did not come in time; events: ${JSON.stringify(events).slice(0, 1000)}`));
        }, DEADLINE_MS);
        watchers.add(check);
        check();
      }),
    ended,
    close: () => abort.abort(),
  };
}
