import { type AddressInfo, createServer, type Socket } from "node:net";
import { serveCalls } from "./rig/serve-calls.ts";
import { wallClock } from "./rig/wall-clock.ts";

/**
 * Accepts every POST and immediately returns 200. It shares the machine with the measured program, so it parses only
 * the part of HTTP that undici sends: a head, a content-length and a body.
 */
const RESPONSE = Buffer.from(
  "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ndate: Sat, 06 Jun 2026 00:00:00 GMT\r\n" +
    'content-length: 15\r\n\r\n{"status":"ok"}',
);
const LENGTH_HEADER = "content-length: ";
const PATH_PREFIX = "POST /hook/";
const SENT_AT = Buffer.from('"sent_at":');
const CREATED_AT = Buffer.from('"created_at":"');
const SENT_AT_LENGTH = 17;
const ISO_TIME_LENGTH = 24;
const POLL_MS = 10;

export type Receipts = {
  readonly count: number;
  /** The number of paths that received something. */
  readonly paths: number;
  /** Epoch milliseconds; 0 if nothing arrived. */
  readonly firstAt: number;
  readonly lastAt: number;
};

/** Milliseconds until the receipt, one per event. */
export type Latencies = {
  /** Since the sender began to post the event. */
  readonly sincePosted: readonly number[];
  /** Since the server's time of acceptance, in whole milliseconds. */
  readonly sinceAccepted: readonly number[];
};

let count = 0;
let firstAt = 0;
let lastAt = 0;
let latencies: { sincePosted: number[]; sinceAccepted: number[] } | null = null;
const paths = new Set<string>();

function receive(socket: Socket): void {
  let incomplete: Buffer | null = null;
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    let buffer = incomplete === null ? chunk : Buffer.concat([incomplete, chunk]);
    incomplete = null;
    while (buffer.length > 0) {
      const end = requestEnd(buffer);
      if (end === -1) {
        incomplete = buffer;
        return;
      }
      record(buffer.subarray(0, end));
      socket.write(RESPONSE);
      buffer = buffer.subarray(end);
    }
  });
}

/** The end of the first request in the buffer, or -1 if the request is incomplete. */
function requestEnd(buffer: Buffer): number {
  const headEnd = buffer.indexOf("\r\n\r\n");
  if (headEnd === -1) return -1;
  const head = buffer.toString("latin1", 0, headEnd);
  const lengthAt = head.indexOf(LENGTH_HEADER);
  const length = lengthAt === -1 ? 0 : Number.parseInt(head.slice(lengthAt + LENGTH_HEADER.length), 10);
  const end = headEnd + 4 + length;
  return end > buffer.length ? -1 : end;
}

function record(request: Buffer): void {
  lastAt = wallClock();
  if (count++ === 0) firstAt = lastAt;
  paths.add(request.toString("latin1", PATH_PREFIX.length, request.indexOf(" ", PATH_PREFIX.length)));
  if (latencies === null) return;
  const sentAt = request.indexOf(SENT_AT) + SENT_AT.length;
  const createdAt = request.indexOf(CREATED_AT) + CREATED_AT.length;
  latencies.sincePosted.push(lastAt - Number(request.toString("latin1", sentAt, sentAt + SENT_AT_LENGTH)));
  latencies.sinceAccepted.push(
    lastAt - Date.parse(request.toString("latin1", createdAt, createdAt + ISO_TIME_LENGTH)),
  );
}

const server = createServer(receive);
const listening = new Promise<string>((resolve) => {
  server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
});

const calls = {
  url: (_input: null): Promise<string> => listening,

  /** Resets the counts, and records latencies from now on if requested. */
  begin: (input: { readonly keepsLatencies: boolean }): void => {
    count = 0;
    firstAt = 0;
    lastAt = 0;
    paths.clear();
    latencies = input.keepsLatencies ? { sincePosted: [], sinceAccepted: [] } : null;
  },

  /** Resolves when `count` requests have arrived, or when none has arrived for `quietMsMax`. */
  wait: (input: { readonly count: number; readonly quietMsMax: number }): Promise<Receipts> => {
    const beganAt = wallClock();
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        const isQuiet = wallClock() - Math.max(beganAt, lastAt) > input.quietMsMax;
        if (count < input.count && !isQuiet) return;
        clearInterval(timer);
        resolve({ count, paths: paths.size, firstAt, lastAt });
      }, POLL_MS);
    });
  },

  latencies: (_input: null): Latencies => latencies ?? { sincePosted: [], sinceAccepted: [] },
};

export type ReceiverCalls = typeof calls;
serveCalls(calls);
