/**
 * How much of something limited one party may have: a part of what is still free, so that however much the greedy take,
 * something is left for a newcomer, who may have one whatever is left.
 */
export function fairShare(free: number, partOfFree: number): number {
  return free <= 0 ? 0 : Math.max(1, Math.floor(free / partOfFree));
}
