import type { Delivery } from "../api/types.ts";
import { Status } from "../ui/status.tsx";
import { useNow } from "../ui/use-now.ts";
import { nextWords, statusWords } from "./status-words.ts";

const TICK_MS = 1_000;
const SETTLED_TICK_MS = 3_600_000;

/** The full status: "Held: receiver failing, next try in 28 s". */
export function DeliveryStatus({ delivery }: { delivery: Delivery }) {
  const { name, words, countdown } = statusWords(delivery, useClock(delivery));
  if (countdown === undefined) return <Status name={name} words={words} />;
  return <Status name={name} words={name === "held" ? `${words},` : words} countdown={countdown} />;
}

/** The status in a list, as long or short as the list's width allows. The next attempt has its own column. */
export function ListedStatus({ delivery }: { delivery: Delivery }) {
  const { name, words, short, countdown } = statusWords(delivery, useClock(delivery));
  const long = countdown === undefined || name === "held" ? words : short;
  if (long === short) return <Status name={name} words={short} />;
  return (
    <>
      <span className="hidden dense:inline fit-60:hidden" title={long}>
        <Status name={name} words={short} />
      </span>
      <span className="dense:hidden fit-60:inline">
        <Status name={name} words={long} />
      </span>
    </>
  );
}

export function NextAttempt({ delivery }: { delivery: Delivery }) {
  const words = nextWords(delivery, useClock(delivery));
  // Never a bare text: React could not replace one that the browser's translation has moved.
  return words === null ? <None /> : <span>{words}</span>;
}

export function None() {
  return <span className="text-subtle">–</span>;
}

/** Ticks only for a pending delivery. */
function useClock({ status }: Delivery): number {
  return useNow(status === "pending" ? TICK_MS : SETTLED_TICK_MS);
}
