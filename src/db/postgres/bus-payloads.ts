import type { BusChannel } from "../notify.ts";

/** A payload must be shorter than 8,000 bytes (PostgreSQL, NOTIFY). */
const PAYLOAD_BYTES_MAX = 7999;
const GAP = "gap";

export type ReceivedPayload =
  | { readonly kind: "messages"; readonly messages: readonly string[] }
  | { readonly kind: "gap" };

export function channelName(channel: BusChannel): string {
  return `opensend_${channel}`;
}

/** Reports that messages of this sender were lost. */
export function writeGap(sender: string): string {
  return `${sender} ${GAP}`;
}

/** As many payloads as the messages need: `<sender> <JSON array>`. A message too long for a payload is passed to `drop`. */
export function writePayloads(
  sender: string,
  messages: Iterable<string>,
  drop: (message: string) => void,
): string[] {
  const payloads: string[] = [];
  const emptyBytes = Buffer.byteLength(sender) + " []".length;
  let parts: string[] = [];
  let bytes = emptyBytes;
  const flush = () => {
    if (parts.length > 0) payloads.push(`${sender} [${parts.join(",")}]`);
    parts = [];
    bytes = emptyBytes;
  };
  for (const message of messages) {
    const part = JSON.stringify(message);
    const partBytes = Buffer.byteLength(part) + ",".length;
    if (emptyBytes + partBytes > PAYLOAD_BYTES_MAX) {
      drop(message);
      continue;
    }
    if (bytes + partBytes > PAYLOAD_BYTES_MAX) flush();
    parts.push(part);
    bytes += partBytes;
  }
  flush();
  return payloads;
}

/** Null for payloads from this sender, and for those that OpenSend did not write. */
export function readPayload(ownSender: string, payload: string): ReceivedPayload | null {
  const space = payload.indexOf(" ");
  if (space === -1 || payload.slice(0, space) === ownSender) return null;
  const text = payload.slice(space + 1);
  if (text === GAP) return { kind: "gap" };
  try {
    const messages: unknown = JSON.parse(text);
    if (!Array.isArray(messages)) return null;
    return { kind: "messages", messages: messages.filter((message) => typeof message === "string") };
  } catch {
    return null;
  }
}
