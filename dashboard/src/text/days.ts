/** "1 day", "30 days" */
export function inDays(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}
