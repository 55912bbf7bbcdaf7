import type { Delivery } from "../api/types.ts";
import { Status } from "../ui/status.tsx";
import { useNow } from "../ui/use-now.ts";
import { statusWords, waitOf } from "./status-words.ts";

const TICK_MS = 1_000;
const AT_REST_MS = 3_600_000;

/** The status with all its words: "Retrying in 4 min". */
export function DeliveryStatus({ delivery }: { delivery: Delivery }) {
  return <Status {...statusWords(delivery, useClock(delivery))} />;
}

/** The status as one word, for a list that tells the next attempt beside it. */
export function ShortDeliveryStatus({ delivery }: { delivery: Delivery }) {
  const { name, words, countdown } = statusWords(delivery, useClock(delivery));
  return <Status name={name} {...(countdown === undefined && { words })} />;
}

export function NextAttempt({ delivery }: { delivery: Delivery }) {
  const wait = waitOf(delivery, useClock(delivery));
  if (wait !== null) return `in ${wait}`;
  return delivery.status === "pending" ? "now" : <None />;
}

export function None() {
  return <span className="text-subtle">–</span>;
}

/** Ticks only for a delivery that waits. */
function useClock({ status }: Delivery): number {
  return useNow(status === "pending" ? TICK_MS : AT_REST_MS);
}
