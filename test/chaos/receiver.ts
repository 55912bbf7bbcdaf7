import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Webhook } from "standardwebhooks";
import { BEHAVIORS, type Behavior, isAccepted, REJECTED_TYPE, type ResponseKind } from "./behaviors.ts";
import type { Receipt } from "./receipt.ts";

/**
 * The receivers of a chaos run, in their own process: prints its URL, returns the requests it got at `GET /log` until
 * `DELETE /log` clears them, and exits when standard input ends.
 */
const SLOW_MAX_MS = 2000;
const BRISK_MS = 100;
const LATE_MS = 5000;
const HALF_OF = 1000;

type Body = { readonly type: string; readonly data: { readonly id?: string } };

const secret = process.env["CHAOS_SIGNING_SECRET"] ?? "";
const webhook = new Webhook(Buffer.from(secret).toString("base64"));
const receipts: Receipt[] = [];
const faults: string[] = [];
const receiptsOf = new WeakMap<Socket, Receipt[]>();
const timesSeen = new Map<string, number>();

const server = createServer(async (request, response) => {
  if (request.method !== "POST") return serveLog(request, response);
  const chunks: Buffer[] = [];
  // A request counts as not sent if its sender was killed while writing it.
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return;
  }
  take(request, response, Buffer.concat(chunks).toString("utf8"));
});

function take(request: IncomingMessage, response: ServerResponse, body: string): void {
  const path = request.url ?? "";
  const eventId = String(request.headers["webhook-id"]);
  const timestampSeconds = Number(request.headers["webhook-timestamp"]);
  const { type, data } = JSON.parse(body) as Body;
  const fault = findFault(request, eventId, timestampSeconds, body) ?? findForeignBody(eventId, data);
  if (fault !== null) faults.push(`${path} ${eventId}: ${fault}`);
  const key = `${path} ${eventId}`;
  const times = (timesSeen.get(key) ?? 0) + 1;
  timesSeen.set(key, times);
  const kind = kindOfResponse(path, type, eventId, times);
  const receipt: Receipt = {
    eventId,
    path,
    timestampSeconds,
    // Finer than Date.now, for the fairness test.
    at: performance.timeOrigin + performance.now(),
    response: kind,
    isFirst: !receiptsOf.has(request.socket),
    respondedAt: null,
    closedAt: null,
  };
  receipts.push(receipt);
  recordClose(request.socket, receipt);
  response.once("finish", () => {
    const isWhole = isAccepted(kind) || kind === "error" || kind === "rejected";
    // Writes after the sender is gone also count as finished.
    if (isWhole && receipt.closedAt === null) receipt.respondedAt = Date.now();
  });
  respond(kind, eventId, request.socket, response);
}

/** Adds to each receipt when its connection ended. */
function recordClose(socket: Socket, receipt: Receipt): void {
  const known = receiptsOf.get(socket);
  if (known !== undefined) return void known.push(receipt);
  const own = [receipt];
  receiptsOf.set(socket, own);
  socket.once("close", () => {
    for (const one of own) one.closedAt = Date.now();
  });
}

/** Verifies with the specification's own library; the sender's clock may be stepped. */
function findFault(
  request: IncomingMessage,
  eventId: string,
  timestampSeconds: number,
  body: string,
): string | null {
  const expected = webhook.sign(eventId, new Date(timestampSeconds * 1000), body);
  return request.headers["webhook-signature"] === expected ? null : "the signature is wrong";
}

/** Senders that give an event its id repeat the id in the data. */
function findForeignBody(eventId: string, data: Body["data"]): string | null {
  return data.id === undefined || data.id === eventId ? null : "the body is another event's";
}

function kindOfResponse(path: string, type: string, eventId: string, times: number): ResponseKind {
  const { response: kind, failsOneIn } = BEHAVIORS[path.split("/")[1] as Behavior];
  if (kind === "rejected") return type === REJECTED_TYPE ? kind : "ok";
  if (failsOneIn === null || failsOneIn === 1) return kind;
  return times === 1 && numberOf(eventId) % failsOneIn === 0 ? kind : "ok";
}

/** The last digits of a UUID are random enough. */
function numberOf(eventId: string): number {
  return Number.parseInt(eventId.slice(-6), 16);
}

function respond(kind: ResponseKind, eventId: string, socket: Socket, response: ServerResponse): void {
  const succeed = () => response.end("ok");
  switch (kind) {
    case "ok":
      return void succeed();
    case "slow":
      return void setTimeout(succeed, numberOf(eventId) % SLOW_MAX_MS);
    case "brisk":
      return void setTimeout(succeed, BRISK_MS);
    case "late":
      return void setTimeout(succeed, LATE_MS);
    case "brief":
      return void response.setHeader("connection", "close").end("ok");
    case "rejected":
      return void response.writeHead(422).end("not this type");
    case "error":
      return void response.writeHead(503).end("not now");
    case "cut":
      return void socket.destroy();
    case "half":
      response.writeHead(200, { "content-length": HALF_OF });
      return void response.write("x".repeat(HALF_OF / 2), () => socket.destroy());
    case "never":
  }
}

function serveLog(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "", "http://receiver");
  if (request.method === "DELETE") receipts.length = 0;
  if (url.pathname === "/log") return void response.end(JSON.stringify({ receipts, faults }));
  // When an event arrived last.
  const eventId = url.searchParams.get("id");
  const at = receipts.findLast((receipt) => receipt.eventId === eventId)?.at ?? null;
  response.end(JSON.stringify({ at }));
}

server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () =>
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
process.stdin.resume();
process.stdin.once("end", () => process.exit(0));
