import { createSocket } from "node:dgram";
import { type AddressInfo, createServer, type Socket } from "node:net";
import ipaddr from "ipaddr.js";

/** A name server's reaction to a name; addresses of both families in one list. */
export type NameAnswer = readonly string[] | "no such name" | "server failure" | "silence";

export type NameServer = {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  /** Can be changed at any time. `AAAA name` takes precedence over `name`; names that are not listed do not exist. */
  readonly names: Map<string, NameAnswer>;
  /** The queries that arrived, as `A name` or `AAAA name`, including repeated ones. */
  readonly queries: string[];
  readonly close: () => Promise<void>;
};

const TYPES: Readonly<Record<number, "A" | "AAAA">> = { 1: "A", 28: "AAAA" };
const RESPONSE = 0x8180;
const TRUNCATED = 0x0200;
const SERVER_FAILURE = 2;
const NO_SUCH_NAME = 3;
const UDP_BYTES_MAX = 512;

/** A real name server on loopback, over UDP and TCP (RFC 1035), that knows only A and AAAA records. */
export async function startNameServer(
  names: Readonly<Record<string, NameAnswer>>,
  { host = "127.0.0.1", port = 0 }: { host?: string; port?: number } = {},
): Promise<NameServer> {
  const zone = new Map(Object.entries(names));
  const queries: string[] = [];
  const connections = new Set<Socket>();
  const tcp = createServer((socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
    socket.on("error", () => undefined);
    // Queries are short, so each arrives in one piece.
    socket.on("data", (bytes) => {
      const reply = replyTo(bytes.subarray(2), zone, queries);
      if (reply === null) return;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([length, reply]));
    });
  });
  await new Promise<void>((resolve) => tcp.listen(port, host, resolve));
  const bound = tcp.address() as AddressInfo;
  const udp = createSocket("udp4");
  udp.on("message", (query, from) => {
    const reply = replyTo(query, zone, queries);
    if (reply !== null) udp.send(fitted(reply), from.port, from.address);
  });
  await new Promise<void>((resolve) => udp.bind(bound.port, host, resolve));
  return {
    address: `${host}:${bound.port}`,
    names: zone,
    queries,
    close: async () => {
      for (const socket of connections) socket.destroy();
      await new Promise<void>((resolve) => udp.close(() => resolve()));
      await new Promise<void>((resolve) => tcp.close(() => resolve()));
    },
  };
}

function replyTo(query: Buffer, zone: Map<string, NameAnswer>, queries: string[]): Buffer | null {
  const question = readQuestion(query);
  const type = TYPES[question.type] ?? "A";
  queries.push(`${type} ${question.name}`);
  const answer = zone.get(`${type} ${question.name}`) ?? zone.get(question.name) ?? "no such name";
  if (answer === "silence") return null;
  if (answer === "server failure") return message(query, question.end, RESPONSE | SERVER_FAILURE, []);
  if (answer === "no such name") return message(query, question.end, RESPONSE | NO_SUCH_NAME, []);
  const kind = type === "A" ? "ipv4" : "ipv6";
  const addresses = answer.map((address) => ipaddr.parse(address)).filter((parsed) => parsed.kind() === kind);
  const records = addresses.map((parsed) => record(question.type, Buffer.from(parsed.toByteArray())));
  return message(query, question.end, RESPONSE, records);
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** The header with the question repeated, then the records. */
function message(query: Buffer, questionEnd: number, flags: number, records: readonly Buffer[]): Buffer {
  const head = Buffer.from(query.subarray(0, questionEnd));
  head.writeUInt16BE(flags, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, ...records]);
}

/** A record for the name in the question, with a TTL of zero. */
function record(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

/** Truncates a reply that is too long for UDP, so that the client asks again over TCP. */
function fitted(reply: Buffer): Buffer {
  if (reply.length <= UDP_BYTES_MAX) return reply;
  return message(reply, readQuestion(reply).end, RESPONSE | TRUNCATED, []);
}
