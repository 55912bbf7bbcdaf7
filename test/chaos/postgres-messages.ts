/**
 * Splits the bytes of a PostgreSQL client into messages (PostgreSQL documentation, "Message Formats"), with the text of
 * the statement that each one runs.
 */
export type ClientMessage = {
  readonly raw: Buffer;
  /** Text of the statement that this message runs; null for other messages. */
  readonly runs: string | null;
  /** After this message the server can respond. */
  readonly isComplete: boolean;
};

const LENGTH_BYTES = 4;
const PROTOCOL_3 = 3 << 16;
const QUERY = "Q";
const PARSE = "P";
const BIND = "B";
const EXECUTE = "E";
const SYNC = "S";

/** Reads one connection. Prepared statements and portals are run by name, so their texts are remembered. */
export class ClientMessageReader {
  private unread: Buffer = Buffer.alloc(0);
  private isStarted = false;
  private readonly statements = new Map<string, string>();
  private readonly portals = new Map<string, string>();

  read(chunk: Buffer): ClientMessage[] {
    this.unread = Buffer.concat([this.unread, chunk]);
    const messages: ClientMessage[] = [];
    for (let message = this.next(); message !== null; message = this.next()) messages.push(message);
    return messages;
  }

  private next(): ClientMessage | null {
    // The first messages of a connection have no type byte before their length.
    const lengthAt = this.isStarted ? 1 : 0;
    if (this.unread.length < lengthAt + LENGTH_BYTES) return null;
    const end = lengthAt + this.unread.readUInt32BE(lengthAt);
    if (this.unread.length < end) return null;
    const raw = this.unread.subarray(0, end);
    this.unread = this.unread.subarray(end);
    if (this.isStarted) return this.understand(raw);
    this.isStarted = raw.readUInt32BE(LENGTH_BYTES) === PROTOCOL_3;
    return { raw, runs: null, isComplete: false };
  }

  private understand(raw: Buffer): ClientMessage {
    const type = String.fromCharCode(raw.readUInt8(0));
    const [first = "", second = ""] = raw.toString("utf8", 1 + LENGTH_BYTES).split("\0", 2);
    switch (type) {
      case QUERY:
        return { raw, runs: first, isComplete: true };
      case PARSE:
        this.statements.set(first, second);
        break;
      case BIND:
        this.portals.set(first, this.statements.get(second) ?? "");
        break;
      case EXECUTE:
        return { raw, runs: this.portals.get(first) ?? "", isComplete: false };
    }
    return { raw, runs: null, isComplete: type === SYNC };
  }
}
