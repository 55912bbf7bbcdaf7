export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Checks a condition repeatedly. Fails with `what` if it does not become true in time. */
export async function waitUntil(
  what: string,
  deadlineMs: number,
  isSo: () => Promise<boolean> | boolean,
): Promise<void> {
  const LOOK_AGAIN_MS = 50;
  const deadline = Date.now() + deadlineMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${deadlineMs / 1000} s`);
    await pause(LOOK_AGAIN_MS);
  }
}
