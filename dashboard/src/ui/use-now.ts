import { useLayoutEffect, useRef, useState } from "react";

/** One timer per interval, so that a thousand rows render in one pass. */
const clocks = new Map<number, { readonly listeners: Set<() => void>; readonly timer: number }>();

function listen(tickMs: number, listener: () => void): () => void {
  let clock = clocks.get(tickMs);
  if (clock === undefined) {
    const listeners = new Set<() => void>();
    const timer = window.setInterval(() => {
      for (const tick of listeners) tick();
    }, tickMs);
    clock = { listeners, timer };
    clocks.set(tickMs, clock);
  }
  const { listeners, timer } = clock;
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    clocks.delete(tickMs);
  };
}

/** The current time in epoch milliseconds, refreshed every `tickMs`. */
export function useNow(tickMs: number): number {
  const [nowMs, setNowMs] = useState(Date.now);
  const lastTickMs = useRef(tickMs);
  useLayoutEffect(() => {
    // The time is outdated when a component switches to a faster clock.
    if (lastTickMs.current !== tickMs) setNowMs(Date.now());
    lastTickMs.current = tickMs;
    return listen(tickMs, () => setNowMs(Date.now()));
  }, [tickMs]);
  return nowMs;
}
