import { useLayoutEffect, useRef, useState } from "react";

/** The current time in epoch milliseconds, refreshed every `tickMs`. */
export function useNow(tickMs: number): number {
  const [nowMs, setNowMs] = useState(Date.now);
  const lastTickMs = useRef(tickMs);
  useLayoutEffect(() => {
    // A clock that begins to tick faster has been standing for a while.
    if (lastTickMs.current !== tickMs) setNowMs(Date.now());
    lastTickMs.current = tickMs;
    const timer = setInterval(() => setNowMs(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, [tickMs]);
  return nowMs;
}
