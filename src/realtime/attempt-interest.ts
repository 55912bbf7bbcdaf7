import type { AttemptTrigger } from "../domain/delivery.ts";
import type { ChangeFilter } from "./subscriber.ts";

/**
 * The attempts that someone watches: those of one delivery, or the tests of one connection. Processes announce them by
 * keys, `<workspace> delivery <id>` and `<workspace> tests <connection id>`. Workspace names contain no space.
 */
export type AttemptKeys = { readonly size: number; readonly has: (key: string) => boolean };

type AttemptIds = {
  readonly workspaceId: string;
  readonly deliveryId: string;
  readonly connectionId: string;
  readonly trigger: AttemptTrigger;
};

/** The key of what a stream watches; null if that is too broad to follow every attempt. */
export function attemptKeyOf(workspaceId: string, { deliveryId, connectionId }: ChangeFilter): string | null {
  if (deliveryId !== null) return deliveryKey(workspaceId, deliveryId);
  return connectionId === null ? null : testsKey(workspaceId, connectionId);
}

export function isAttemptKey(message: string): boolean {
  return message.includes(" ");
}

export function isWatched(
  keys: AttemptKeys,
  { workspaceId, deliveryId, connectionId, trigger }: AttemptIds,
): boolean {
  if (keys.size === 0) return false;
  if (keys.has(deliveryKey(workspaceId, deliveryId))) return true;
  return trigger === "test" && keys.has(testsKey(workspaceId, connectionId));
}

/** A stream of a whole connection shows only its tests: there is too much other traffic for a single attempt to matter. */
export function wantsAttempt(
  { deliveryId, connectionId }: ChangeFilter,
  attempt: Omit<AttemptIds, "workspaceId">,
): boolean {
  const isOfConnection = connectionId === null || attempt.connectionId === connectionId;
  if (deliveryId !== null) return isOfConnection && attempt.deliveryId === deliveryId;
  return connectionId !== null && isOfConnection && attempt.trigger === "test";
}

function deliveryKey(workspaceId: string, id: string): string {
  return `${workspaceId} delivery ${id}`;
}

function testsKey(workspaceId: string, connectionId: string): string {
  return `${workspaceId} tests ${connectionId}`;
}
