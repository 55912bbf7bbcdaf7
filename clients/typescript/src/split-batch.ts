/** The server takes this many events in one request. */
export const EVENTS_MAX = 1000;
/** The server takes this many bytes in one request. */
export const BYTES_MAX = 8 * 1024 * 1024;

/**
 * The sizes of the batches that texts are sent in, in their order: as few as the limits allow. A text that is too long by
 * itself gets a batch of its own, which the server refuses with the reason.
 */
export function splitBatch(
  byteLengths: readonly number[],
  eventsMax: number = EVENTS_MAX,
  bytesMax: number = BYTES_MAX,
): number[] {
  const sizes: number[] = [];
  let [count, bytes] = [0, 0];
  for (const length of byteLengths) {
    // The brackets, and a comma before each but the first.
    const withThis = count === 0 ? length + 2 : bytes + 1 + length;
    if (count > 0 && (count === eventsMax || withThis > bytesMax)) {
      sizes.push(count);
      [count, bytes] = [1, length + 2];
    } else {
      [count, bytes] = [count + 1, withThis];
    }
  }
  return count === 0 ? sizes : [...sizes, count];
}
