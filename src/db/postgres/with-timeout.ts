/** A query with its own timeout, which the package's types do not include. */
export function withTimeout(text: string, timeoutMs: number): { text: string } {
  const query = { text, query_timeout: timeoutMs };
  return query;
}
