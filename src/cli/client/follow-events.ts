import { setTimeout as wait } from "node:timers/promises";
import { createEventFilter } from "../../domain/event-filter.ts";
import { ChangeHints } from "./change-hints.ts";
import { listPages } from "./list-all.ts";
import type { ServerCall } from "./server-call.ts";

/** An event as `GET /api/events?include=data` returns it. */
export type ListedEvent = {
  readonly id: string;
  readonly type: string;
  readonly created_at: string;
  readonly accepted_at: string;
  readonly origin: "application" | "system" | "test";
  /** The data byte for byte as it is delivered; null once it has been deleted. */
  readonly data_text?: string | null;
};

type Following = {
  /** Event types and patterns; null for all. */
  readonly types: readonly string[] | null;
  readonly signal: AbortSignal;
  /** Reports progress to people. */
  readonly notify: (text: string) => void;
  /** Called once every event accepted from then on will be noticed. */
  readonly onReady?: () => void;
};

/** Commits of several processes can become visible in a different order from their times. */
const OVERLAP_MS = 2000;
/** Events that arrive within this time are read together. */
const READ_EVERY_MS = 200;
/** Limit of one read, since an hour without a connection can mean millions of events. */
const EVENTS_MAX = 10_000;
const DATA_LENGTH_MAX = 64 * 1024 * 1024;
const SEEN_MAX = 2 * EVENTS_MAX;

/**
 * Yields accepted events, oldest first and each once, until the signal aborts. The stream of changes says when to read;
 * the list of events is what is read.
 *
 * @throws {ApiError} {CommandError}
 */
export async function* followEvents(server: ServerCall, following: Following): AsyncGenerator<ListedEvent> {
  const { types, notify, onReady } = following;
  // Ends the stream whenever the reader stops.
  const end = new AbortController();
  const signal = AbortSignal.any([following.signal, end.signal]);
  const isWanted = types === null || types.includes("*") ? () => true : createEventFilter(types);
  const hints = new ChangeHints(server, { isWanted, signal, notify });
  const reader = new EventReader(server, types, notify);
  try {
    await Promise.race([hints.opened(), aborted(signal)]);
    if (signal.aborted) return;
    await reader.begin();
    onReady?.();
    for (let hint = await hints.next(); hint !== null; hint = await hints.next()) {
      for (const event of await reader.readNew(hint.since)) {
        yield event;
        if (signal.aborted) return;
      }
      await wait(READ_EVERY_MS);
    }
  } finally {
    end.abort();
  }
}

/** Reads the list of events from the last position. */
class EventReader {
  readonly #server: ServerCall;
  readonly #types: readonly string[] | null;
  readonly #notify: (text: string) => void;
  readonly #seen = new Set<string>();
  #position = 0;

  constructor(server: ServerCall, types: readonly string[] | null, notify: (text: string) => void) {
    this.#server = server;
    this.#types = types;
    this.#notify = notify;
  }

  /** Starts after the newest existing event. */
  async begin(): Promise<void> {
    for await (const [newest] of listPages<ListedEvent>(this.#server, "/api/events", {}, 1)) {
      if (newest !== undefined) this.#position = Date.parse(newest.accepted_at);
    }
    // Marks the events that already exist as seen.
    if (this.#position > 0) await this.#read(this.#position);
  }

  /** Events not read before, oldest first. */
  async readNew(since: number | null): Promise<ListedEvent[]> {
    const { events, isCut } = await this.#read(Math.min(this.#position, since ?? this.#position));
    if (isCut) {
      this.#notify(
        `More events came than are read together: only the newest ${events.length} follow. \`opensend events list\` has the others.`,
      );
    }
    return events.reverse();
  }

  async #read(from: number): Promise<{ events: ListedEvent[]; isCut: boolean }> {
    const query = {
      type: this.#types?.join(","),
      accepted_from: new Date(Math.max(0, from - OVERLAP_MS)).toISOString(),
      include: "data",
    };
    const events: ListedEvent[] = [];
    let length = 0;
    for await (const page of listPages<ListedEvent>(this.#server, "/api/events", query, EVENTS_MAX + 1)) {
      for (const event of page.filter(({ id }) => !this.#seen.has(id))) {
        events.push(event);
        length += event.data_text?.length ?? 0;
      }
      if (length > DATA_LENGTH_MAX) break;
    }
    for (const { id, accepted_at } of events.toReversed()) {
      this.#seen.add(id);
      this.#position = Math.max(this.#position, Date.parse(accepted_at));
    }
    for (const id of this.#seen) {
      if (this.#seen.size <= SEEN_MAX) break;
      this.#seen.delete(id);
    }
    return { events, isCut: events.length > EVENTS_MAX || length > DATA_LENGTH_MAX };
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
