/**
 * How much of a limited resource one party can have: a part of what is free, so that greedy parties always leave
 * something for a newcomer, who gets at least one while any is free.
 */
export function fairShare(free: number, partOfFree: number): number {
  return free <= 0 ? 0 : Math.max(1, Math.floor(free / partOfFree));
}
