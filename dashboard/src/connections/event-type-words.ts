/** Event types, short enough for a table cell: "All", "order.*, user.created", "order.*, user.created and 3 more". */
export function eventTypeWords(patterns: readonly string[], shownMax = 2): string {
  if (patterns.includes("*"))
    return patterns.length === 1 ? "All" : `All and ${patterns.filter((one) => one !== "*").join(", ")}`;
  const more = patterns.length - shownMax;
  if (more <= 0) return patterns.join(", ");
  return `${patterns.slice(0, shownMax).join(", ")} and ${more} more`;
}
