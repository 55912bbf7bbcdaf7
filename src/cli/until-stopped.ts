/** SIGHUP is sent when a terminal closes. */
const STOP_SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** Resolves at the first stop signal; a second one ends the process immediately. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      for (const signal of STOP_SIGNALS) process.removeListener(signal, stop);
      for (const signal of STOP_SIGNALS) process.once(signal, () => process.exit(1));
      resolve();
    };
    for (const signal of STOP_SIGNALS) process.on(signal, stop);
  });
}
