import type { DeliveryDetail } from "../../api/types.ts";
import { useNow } from "../../ui/use-now.ts";
import { nextAttemptWords } from "../status-words.ts";

const TICK_MS = 1_000;

/** The time and number of the next attempt: "Retry in 4 min, attempt 3 of 10." */
export function NextAttemptLine({ delivery }: { delivery: DeliveryDetail }) {
  const words = nextAttemptWords(delivery, useNow(TICK_MS));
  return words === null ? null : <p className="text-muted">{words}</p>;
}
