import { isAccepted } from "./behaviors.ts";
import type { Evidence, StoredAttempt, StoredDelivery } from "./evidence.ts";
import { explainReceipt, RECOVERY_MS } from "./explain-receipt.ts";
import type { Fault, FaultKind } from "./fault.ts";
import type { PostedEvent } from "./load.ts";
import type { Receipt } from "./receipt.ts";

/** The result of a run. `faults` is empty if every guarantee was kept. */
export type Ledger = {
  readonly eventsAcknowledged: number;
  /** Events whose sender got no response, or an error; below, how many of them are stored. */
  readonly eventsUnknown: number;
  readonly eventsUnknownStored: number;
  /** Events stored again under an id that is neither their sender's nor the acknowledged one. */
  readonly secondIds: number;
  readonly deliveriesExpected: number;
  readonly deliveriesDelivered: number;
  /** Of acknowledged events: not stored, not delivered, or not received. */
  readonly lost: number;
  /** Deliveries that the receiver accepted more than once, by the fault during which one of them was in flight. */
  readonly twice: ReadonlyMap<FaultKind | "unexplained", number>;
  readonly attemptsRecorded: number;
  /** Received requests without a recorded attempt: in flight during a fault. */
  readonly attemptsUnrecorded: number;
  readonly inconsistent: number;
  /** Broken guarantees, as text. */
  readonly faults: readonly string[];
};

/**
 * The shortest wait after a failed attempt is 5 s minus 20 %; the remaining 100 ms allow for the clocks' resolution.
 */
const GAP_MIN_MS = 3900;

type Judged = {
  readonly isDelivered: boolean;
  readonly isTwice: FaultKind | "unexplained" | null;
  readonly unrecorded: number;
  readonly inconsistencies: readonly string[];
  readonly others: readonly string[];
};

export function judge(evidence: Evidence): Ledger {
  const { posted, stored } = evidence;
  const deliveriesByEvent = Map.groupBy(stored.deliveries, ({ event_id }) => event_id);
  const attemptsByDelivery = Map.groupBy(stored.attempts, ({ delivery_id }) => delivery_id);
  const receiptsByKey = Map.groupBy(evidence.receipts, ({ eventId, path }) => `${eventId} ${path}`);
  const connectionById = new Map(evidence.connections.map((one) => [one.id, one]));

  const judged = new Map<string, Judged>();
  for (const delivery of stored.deliveries) {
    const connection = connectionById.get(delivery.connection_id);
    if (connection === undefined) continue;
    const receipts = receiptsByKey.get(`${delivery.event_id} ${connection.path}`) ?? [];
    const attempts = attemptsByDelivery.get(delivery.id) ?? [];
    judged.set(delivery.id, judgeDelivery(evidence, delivery, attempts, receipts));
  }

  const idsByMarker = invert(stored.markers);
  const idsOf = ({ marker }: PostedEvent) => idsByMarker.get(marker) ?? [];
  const subscribersOf = (type: string | undefined) =>
    evidence.connections.filter((connection) => connection.type === type).length;
  const faults: string[] = [];
  let lost = 0;
  for (const { type, events, isAcknowledged } of posted) {
    const storedCount = events.filter((event) => idsOf(event).length > 0).length;
    if (!isAcknowledged && storedCount !== 0 && storedCount !== events.length) {
      faults.push(`of a batch of ${events.length} events ${storedCount} are stored`);
    }
    if (!isAcknowledged) continue;
    for (const { acknowledgedId: id } of events) {
      const deliveries = deliveriesByEvent.get(id ?? "") ?? [];
      const arrived = deliveries.filter(({ id }) => judged.get(id)?.isDelivered).length;
      const expected = subscribersOf(type);
      lost += Math.max(0, expected - arrived);
      if (arrived < expected) faults.push(`event ${id} is acknowledged, ${arrived}/${expected} arrived`);
    }
  }
  const typeOf = new Map(posted.flatMap(({ type, events }) => events.map(({ marker }) => [marker, type])));
  for (const [id, marker] of stored.markers) {
    const expected = subscribersOf(typeOf.get(marker ?? ""));
    const count = deliveriesByEvent.get(id)?.length ?? 0;
    if (count !== expected) faults.push(`event ${id} is stored with ${count} of its ${expected} deliveries`);
  }
  const secondIds = posted.flatMap(({ events }) =>
    events.flatMap((event) => findSecondIds(event, idsOf(event))),
  );
  faults.push(...secondIds);

  const all = [...judged.values()];
  const unknown = posted.filter(({ isAcknowledged }) => !isAcknowledged).flatMap(({ events }) => events);
  const twice = Map.groupBy(
    all.flatMap(({ isTwice }) => isTwice ?? []),
    (cause) => cause,
  );
  return {
    eventsAcknowledged: posted.reduce((sum, one) => sum + (one.isAcknowledged ? one.events.length : 0), 0),
    eventsUnknown: unknown.length,
    eventsUnknownStored: unknown.filter((event) => idsOf(event).length > 0).length,
    secondIds: secondIds.length,
    deliveriesExpected: all.length,
    deliveriesDelivered: all.filter(({ isDelivered }) => isDelivered).length,
    lost,
    twice: new Map([...twice].map(([cause, list]) => [cause, list.length])),
    attemptsRecorded: stored.attempts.length,
    attemptsUnrecorded: all.reduce((sum, { unrecorded }) => sum + unrecorded, 0),
    inconsistent: all.filter(({ inconsistencies }) => inconsistencies.length > 0).length,
    faults: [...faults, ...all.flatMap(({ inconsistencies, others }) => [...inconsistencies, ...others])],
  };
}

function invert(markers: ReadonlyMap<string, string | null>): ReadonlyMap<string | null, readonly string[]> {
  const groups = Map.groupBy(markers, ([, marker]) => marker);
  return new Map([...groups].map(([marker, group]) => [marker, group.map(([id]) => id)]));
}

/** Each posted event must be stored exactly once, whatever happened in between. */
function findSecondIds(
  { ownId, acknowledgedId, marker }: PostedEvent,
  storedIds: readonly string[],
): string[] {
  const right = ownId ?? acknowledgedId ?? storedIds[0];
  return storedIds
    .filter((id) => id !== right)
    .map((id) => `event ${right} is stored a second time as ${id} (marker ${marker})`);
}

function judgeDelivery(
  { faults }: Evidence,
  delivery: StoredDelivery,
  attempts: readonly StoredAttempt[],
  arrived: readonly Receipt[],
): Judged {
  const receipts = withoutSentAgain(arrived);
  const name = `delivery ${delivery.id}`;
  const { unrecorded, phantom } = match(attempts, receipts, faults);
  // A receiver that accepts an event has it, even if its response reaches no one.
  const accepted = receipts.filter(({ response }) => isAccepted(response));
  const others: string[] = [];
  for (const receipt of unrecorded) {
    if (explainReceipt(receipt, faults) !== null) continue;
    others.push(
      `${name} was sent at ${Math.round(receipt.at)} (${receipt.path}) and not recorded, without a fault near`,
    );
  }
  for (const attempt of phantom)
    others.push(`${name}: attempt ${attempt.number} succeeded, but never arrived`);
  for (const [index, receipt] of receipts.entries()) {
    const next = receipts[index + 1];
    // An unrecorded request does not follow the retry schedule: it is due again once its sender is known to be gone.
    if (next !== undefined && !unrecorded.includes(receipt) && isTooEarly(receipt, next, faults)) {
      others.push(
        `${name} was sent again after ${Math.round(next.at - receipt.at)} ms (${receipt.path}, ${Math.round(receipt.at)})`,
      );
    }
  }
  // The last accepted request ended the delivery; each earlier one must have been in flight during a fault.
  const causes = accepted.slice(0, -1).map((receipt) => explainReceipt(receipt, faults) ?? "unexplained");
  const isTwice = causes.find((cause) => cause === "unexplained") ?? causes[0] ?? null;
  if (isTwice === "unexplained") {
    const times = receipts
      .map(({ at, response, respondedAt }) => `${Math.round(at)} ${response} ${respondedAt}`)
      .join("; ");
    others.push(`${name} was accepted ${accepted.length} times, without a fault near: ${times}`);
  }
  return {
    isDelivered: delivery.status === "delivered" && accepted.some(({ respondedAt }) => respondedAt !== null),
    isTwice,
    unrecorded: unrecorded.length,
    inconsistencies: findInconsistencies(delivery, attempts).map((text) => `${name} ${text}`),
    others,
  };
}

/**
 * A request that a receiver cut on a pooled connection is sent again on a new one, once, within the same attempt and
 * with the same timestamp. Only the later one counts.
 */
function withoutSentAgain(receipts: readonly Receipt[]): readonly Receipt[] {
  return receipts.filter(({ response, isFirst, timestampSeconds }, index) => {
    const next = receipts[index + 1];
    const isCut = response === "cut" && !isFirst;
    return !(isCut && next?.isFirst === true && next.timestampSeconds === timestampSeconds);
  });
}

/**
 * Pairs attempts with receipts by the second in which the sender began the attempt. Of several receipts in the same
 * second, one that no fault explains must be the recorded one.
 */
function match(
  attempts: readonly StoredAttempt[],
  receipts: readonly Receipt[],
  faults: Evidence["faults"],
): { unrecorded: readonly Receipt[]; phantom: readonly StoredAttempt[] } {
  const left = new Set(receipts);
  const phantom: StoredAttempt[] = [];
  for (const attempt of attempts) {
    const candidates = [...left].filter(
      ({ timestampSeconds }) => timestampSeconds === attempt.timestampSeconds,
    );
    const matching = candidates.find((one) => explainReceipt(one, faults) === null) ?? candidates.at(-1);
    if (matching !== undefined) left.delete(matching);
    else if (attempt.error_code === null) phantom.push(attempt);
  }
  return { unrecorded: [...left], phantom };
}

function isTooEarly(receipt: Receipt, next: Receipt, faults: Evidence["faults"]): boolean {
  if (next.at - receipt.at >= GAP_MIN_MS) return false;
  // A clock that was stepped forward makes deliveries due earlier.
  const isByClock = ({ kind, at, until }: Fault) =>
    kind.startsWith("clock") && at <= next.at && until + RECOVERY_MS >= receipt.at;
  return !faults.some(isByClock);
}

function findInconsistencies(delivery: StoredDelivery, attempts: readonly StoredAttempt[]): string[] {
  const found: string[] = [];
  const numbers = attempts.map(({ number }) => number);
  if (delivery.status !== "delivered") found.push(`is ${delivery.status} at the end`);
  if (delivery.next_attempt_at !== null) found.push("has a next attempt at the end");
  if (numbers.some((number, index) => number !== index + 1)) found.push(`has attempts ${numbers.join(", ")}`);
  if (delivery.attempt_count !== attempts.length) {
    found.push(`counts ${delivery.attempt_count} attempts and has ${attempts.length}`);
  }
  // Not necessarily the last: a failed attempt of a process that counted as gone may be recorded after another's
  // success.
  if (attempts.every(({ error_code: code }) => code !== null)) found.push("has no successful attempt");
  return found;
}
