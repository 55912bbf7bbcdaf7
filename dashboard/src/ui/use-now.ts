import { useEffect, useState } from "react";

/** The current time in epoch milliseconds, refreshed every `tickMs`. */
export function useNow(tickMs: number): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, [tickMs]);
  return nowMs;
}
