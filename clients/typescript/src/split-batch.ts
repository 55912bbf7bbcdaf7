/** The server's limit of events in one request. */
export const EVENTS_MAX = 1000;
/** The server's limit of bytes in one request. */
export const BYTES_MAX = 8 * 1024 * 1024;

/**
 * The sizes of batches that send texts in order: as few batches as the limits allow. A text that is too long on its own
 * gets a separate batch, which the server refuses with the reason.
 */
export function splitBatch(
  byteLengths: readonly number[],
  eventsMax: number = EVENTS_MAX,
  bytesMax: number = BYTES_MAX,
): number[] {
  const sizes: number[] = [];
  let [count, bytes] = [0, 0];
  for (const length of byteLengths) {
    // The brackets, and a comma before each text but the first.
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
