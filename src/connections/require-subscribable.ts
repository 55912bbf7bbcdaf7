import type { Actor } from "../domain/actor.ts";
import { OpenSendError } from "../domain/errors.ts";
import { createSystemEventFilter, isOperationalType } from "../domain/event-filter.ts";
import { beyondLimits } from "../domain/event-type-limits.ts";

/** Reports on any connection's deliveries, although it does not look like one of OpenSend's own types. */
const REPORTS_ON_OTHERS = "delivery.failed";

/**
 * Limits a key's subscriptions to events it may read: its allowed event types and, if it only sees its own connections,
 * none of OpenSend's own events, which report on all connections.
 *
 * @throws {OpenSendError} `forbidden`.
 */
export function requireSubscribable({ key }: Actor, eventTypes: readonly string[]): void {
  if (key === undefined) return;
  const beyond = key.eventTypes === null ? [] : beyondLimits(key.eventTypes, eventTypes);
  if (beyond.length > 0 && key.eventTypes !== null) {
    throw new OpenSendError(
      "forbidden",
      `This key may subscribe to ${key.eventTypes.join(", ")} only, not to ${beyond.join(", ")}. Ask for less in event_types, or use another key.`,
    );
  }
  const ofOpenSend = key.isConfined ? eventTypes.filter(reportsOnOthers) : [];
  if (ofOpenSend.length === 0) return;
  throw new OpenSendError(
    "forbidden",
    `${ofOpenSend.join(", ")} would tell of connections that this key may not see. Leave it out of event_types, or use a key with full access.`,
  );
}

function reportsOnOthers(pattern: string): boolean {
  return isOperationalType(pattern) || createSystemEventFilter([pattern])(REPORTS_ON_OTHERS);
}
