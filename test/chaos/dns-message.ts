/** The part of DNS messages (RFC 1035, section 4) that a name server for a few names needs. */
export type DnsQuestion = {
  readonly id: number;
  /** In lower case, without the trailing dot. */
  readonly name: string;
  readonly type: number;
  /** The raw question, to be repeated in the response. */
  readonly raw: Buffer;
};

const HEADER_BYTES = 12;
/** Type and class, which follow the name. */
const QUESTION_TAIL_BYTES = 4;
const TYPE_A = 1;
const CLASS_IN = 1;
const TTL_S = 60;
/** A response to a recursive query, with recursion available. */
const RESPONSE_FLAGS = 0x8180;
const NAME_ERROR = 3;
/** A pointer to the name in the question, which directly follows the header. */
const NAME_POINTER = 0xc000 | HEADER_BYTES;

export function readQuestion(message: Buffer): DnsQuestion {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const end = at + 1 + QUESTION_TAIL_BYTES;
  return {
    id: message.readUInt16BE(0),
    name: labels.join(".").toLowerCase(),
    type: message.readUInt16BE(at + 1),
    raw: message.subarray(HEADER_BYTES, end),
  };
}

/** The address for a question of type A; for other types the name exists but has no records. */
export function answerWith(address: string, question: DnsQuestion): Buffer {
  if (question.type !== TYPE_A) return response(question, RESPONSE_FLAGS, []);
  const record = Buffer.alloc(12);
  record.writeUInt16BE(NAME_POINTER, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(CLASS_IN, 4);
  record.writeUInt32BE(TTL_S, 6);
  const octets = address.split(".").map(Number);
  record.writeUInt16BE(octets.length, 10);
  return response(question, RESPONSE_FLAGS, [Buffer.concat([record, Buffer.from(octets)])]);
}

export function answerNoSuchName(question: DnsQuestion): Buffer {
  return response(question, RESPONSE_FLAGS | NAME_ERROR, []);
}

function response({ id, raw }: DnsQuestion, flags: number, records: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(flags, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, raw, ...records]);
}
