const STORED_LENGTH_MAX = 16 * 1024;

/** Decide the next attempt or how the body is shown, so they are always kept, however many headers precede them. */
const ALWAYS_STORED = new Set(["content-encoding", "content-type", "location", "retry-after"]);

type Headers = Readonly<Record<string, string>>;

/** The headers stored with the attempt: all of an ordinary response, or whole ones up to 16 KiB of a long one. */
export function storedHeaders(headers: Headers): Headers {
  const entries = Object.entries(headers);
  if (lengthOf(entries) <= STORED_LENGTH_MAX) return headers;
  let remaining = STORED_LENGTH_MAX - lengthOf(entries.filter(([name]) => ALWAYS_STORED.has(name)));
  const stored = entries.filter((entry) => {
    if (ALWAYS_STORED.has(entry[0])) return true;
    const length = lengthOf([entry]);
    if (length > remaining) return false;
    remaining -= length;
    return true;
  });
  return Object.fromEntries(stored);
}

function lengthOf(entries: readonly (readonly [name: string, value: string])[]): number {
  return entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}
