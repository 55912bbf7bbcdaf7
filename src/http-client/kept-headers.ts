const KEPT_LENGTH_MAX = 16 * 1024;

/** Decide the next attempt or how the body is shown, so they are always kept, however many headers precede them. */
const IN_USE = new Set(["content-encoding", "content-type", "location", "retry-after"]);

type Headers = Readonly<Record<string, string>>;

/** The headers stored with the attempt: all of an ordinary response, or whole ones up to 16 KiB of a long one. */
export function keptHeaders(headers: Headers): Headers {
  const entries = Object.entries(headers);
  if (lengthOf(entries) <= KEPT_LENGTH_MAX) return headers;
  let room = KEPT_LENGTH_MAX - lengthOf(entries.filter(([name]) => IN_USE.has(name)));
  const kept = entries.filter((entry) => {
    if (IN_USE.has(entry[0])) return true;
    const length = lengthOf([entry]);
    if (length > room) return false;
    room -= length;
    return true;
  });
  return Object.fromEntries(kept);
}

function lengthOf(entries: readonly (readonly [name: string, value: string])[]): number {
  return entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}
