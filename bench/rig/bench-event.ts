import { serializeEvent } from "../../src/domain/event.ts";

/** Bytes sent to the receiver for one event. */
export const BODY_BYTES = 500;

/** As many digits as an epoch time in milliseconds with microsecond precision has after the point. */
const SENT_AT_DIGITS = 3;
const SENT_AT_SAMPLE = (1_700_000_000_000).toFixed(SENT_AT_DIGITS);

export function benchType(connection: number): string {
  return `bench.c${connection}`;
}

/** Writes the posted text of events of one type. The texts differ only by the time they were sent. */
export type EventWriter = (sentAt: number) => string;

export function createEventWriter(type: string): EventWriter {
  const missing = BODY_BYTES - bodyOf(type, data(SENT_AT_SAMPLE, "")).length;
  if (missing < 0) throw new Error(`an event of type ${type} does not fit into ${BODY_BYTES} bytes`);
  const [before, after] = `{"type":"${type}","data":${data("\0", "n".repeat(missing))}}`.split("\0");
  return (sentAt) => `${before}${sentAt.toFixed(SENT_AT_DIGITS)}${after}`;
}

/** The body that a receiver gets for an event of this type. */
export function benchBody(type: string): string {
  const { data } = JSON.parse(createEventWriter(type)(Number(SENT_AT_SAMPLE))) as { data: unknown };
  const text = bodyOf(type, JSON.stringify(data));
  // Parsing the sample as a number drops its fraction.
  return text.padEnd(BODY_BYTES, " ");
}

function bodyOf(type: string, dataJson: string): string {
  return serializeEvent({ type, createdAt: Number(SENT_AT_SAMPLE), dataJson });
}

function data(sentAt: string, note: string): string {
  const order =
    '{"id":"ord_10293847","total":"149.00","currency":"EUR","paid":true,"items":[{"sku":"A-1001","quantity":2},{"sku":"B-2002","quantity":1}]}';
  const customer = '{"id":81723,"email":"ada@example.com","name":"Ada Lovelace"}';
  return `{"sent_at":${sentAt},"order":${order},"customer":${customer},"note":"${note}"}`;
}
