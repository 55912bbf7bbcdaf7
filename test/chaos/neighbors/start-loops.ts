import type { Stop } from "./attack.ts";

/** Repeats an action in several concurrent loops, and counts the results. */
export function startLoops(count: number, action: (loop: number) => Promise<string>): Stop {
  const tally: Record<string, number> = {};
  let isStopping = false;
  const loop = async (_: unknown, index: number): Promise<void> => {
    while (!isStopping) {
      const result = await action(index).catch((error: Error) => error.message);
      tally[result] = (tally[result] ?? 0) + 1;
    }
  };
  const loops = Array.from({ length: count }, loop);
  return async () => {
    isStopping = true;
    await Promise.all(loops);
    return tally;
  };
}
