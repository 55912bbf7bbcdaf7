/** A query with a deadline of its own. The types of the package do not know that one may have it. */
export function withTimeout(text: string, timeoutMs: number): { text: string } {
  const query = { text, query_timeout: timeoutMs };
  return query;
}
