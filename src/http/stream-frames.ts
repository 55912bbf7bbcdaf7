import type { SentChange } from "../realtime/subscriber.ts";
import { presentConnection } from "./schemas/connection.ts";
import { presentDelivery, type ShownNow } from "./schemas/delivery.ts";
import { presentEvent } from "./schemas/event.ts";
import { presentInspectedRequest } from "./schemas/inspector.ts";
import { presentLiveAttempt } from "./schemas/live-attempt.ts";
import { presentReplay } from "./schemas/replay.ts";

/** How long a client waits before it reconnects. */
const RETRY_MS = 2000;

/**
 * The beginning of a stream. The id is sent without an event, so that a client cut off before the first event has one.
 */
export function openingFrame(position: string | null): string {
  return `retry: ${RETRY_MS}\n${position === null ? "" : `id: ${position}\n`}\n`;
}

/** Keeps proxies from closing an idle connection, and advances the client's position. */
export function heartbeatFrame(position: string | null): string {
  return `: \n${position === null ? "" : `id: ${position}\n`}\n`;
}

/** All watchers get the same changes, so each is serialized once. */
const written = new WeakMap<SentChange, string>();

/** A change as a server-sent event (WHATWG HTML, 9.2.6). JSON on one line contains no line break. */
export function changeFrame(change: SentChange, shown: ShownNow): string {
  const known = written.get(change);
  if (known !== undefined) return known;
  const id = change.id === null ? "" : `id: ${change.id}\n`;
  const frame = `event: ${change.kind}\n${id}data: ${JSON.stringify(view(change, shown))}\n\n`;
  written.set(change, frame);
  return frame;
}

function view(change: SentChange, shown: ShownNow): object {
  switch (change.kind) {
    case "delivery":
      return presentDelivery(change.row, shown);
    case "event":
      return presentEvent(change.row);
    case "connection":
      return presentConnection(change.row, shown.now());
    case "replay":
      return presentReplay(change.row);
    case "attempt":
      return presentLiveAttempt(change.row);
    case "inspector_request":
      return presentInspectedRequest(change.row);
    case "reset":
      return {};
  }
}
