const DEADLINE_MS = 20_000;
const POLL_MS = 5;

/** Waits for a condition, and fails if it does not become true in time. */
export async function until(
  condition: () => Promise<boolean> | boolean,
  what = "the condition is true",
  deadlineMs = DEADLINE_MS,
): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
