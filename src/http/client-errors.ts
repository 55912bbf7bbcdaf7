import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { newId } from "../db/new-id.ts";
import { ERRORS, OpenSendError } from "../domain/errors.ts";
import { uriTooLong } from "./check-request-head.ts";
import { HEADER_BYTES_MAX, REQUEST_TIMEOUT_MS } from "./http-limits.ts";
import { problemBody } from "./problem.ts";
import { PROBLEM_TYPE } from "./schemas/shared.ts";

/** Node's error for a request it could not parse; errors of the parser carry the bytes being parsed. */
type ClientError = Error & {
  readonly code?: string | undefined;
  readonly rawPacket?: unknown;
  readonly bytesParsed?: number | undefined;
};

/** The first byte of a TLS handshake (RFC 8446, 5.1). */
const TLS_HANDSHAKE = 0x16;
/** How long to wait for a client to read the response to its malformed request. */
const LINGER_MS = 2000;

/**
 * Responds to requests that the parser refuses, by cause, and closes the connection. Such a request never reaches a
 * route, so the response is written to the socket, and only if no other response is being written there.
 */
export class ClientErrors {
  readonly #publicUrl: string;
  /** The latest response of each connection; earlier ones are sent before it. */
  readonly #latest = new WeakMap<Socket, ServerResponse>();
  readonly #refused = new WeakSet<Socket>();

  constructor(publicUrl: string) {
    this.#publicUrl = publicUrl;
  }

  watch(server: Server): void {
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      this.#latest.set(request.socket, response);
    });
  }

  /** Node calls this again for each packet after the one that could not be parsed. */
  handle(error: ClientError, socket: Socket): void {
    if (this.#refused.has(socket)) return;
    this.#refused.add(socket);
    const problem = findProblem(error, socket);
    const response = this.#latest.get(socket);
    const hasResponded = response === undefined || response.writableFinished;
    // The request was refused before its whole body had arrived, so a fault in the rest changes nothing.
    const isAfterResponse = hasResponded && response?.req.complete === false;
    if (!hasResponded && (response.req.complete || error.code === "HPE_CLOSED_CONNECTION")) {
      // Bytes after a request in progress must not cut off its response, which can be a stream.
      response.shouldKeepAlive = false;
      response.once("close", () => socket.destroy());
    } else if (
      problem === null ||
      !socket.writable ||
      isAfterResponse ||
      (!hasResponded && response.headersSent)
    ) {
      socket.destroy();
    } else {
      this.#respond(socket, problem);
    }
  }

  #respond(socket: Socket, problem: OpenSendError): void {
    const requestId = newId();
    const body = JSON.stringify(problemBody(problem, this.#publicUrl, requestId));
    const { status } = ERRORS[problem.code];
    const head = [
      `HTTP/1.1 ${status} ${REASONS[status] ?? "Bad Request"}`,
      `date: ${new Date().toUTCString()}`,
      `x-request-id: ${requestId}`,
      `content-type: ${PROBLEM_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      "cache-control: no-store",
      "x-content-type-options: nosniff",
      "connection: close",
    ];
    socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
    // Destroying the socket now would let further input reset the connection before the response is read.
    socket.setTimeout(LINGER_MS, () => socket.destroy());
  }
}

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  408: "Request Timeout",
  413: "Content Too Large",
  414: "URI Too Long",
  431: "Request Header Fields Too Large",
};

/** Null if the client is gone, or has not sent a request yet. */
function findProblem(error: ClientError, socket: Socket): OpenSendError | null {
  switch (error.code) {
    case "HPE_HEADER_OVERFLOW":
      return isInRequestLine(error) ? uriTooLong() : headersTooLarge();
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return new OpenSendError("body_too_large", "The chunk extensions of the body are too long. Send none.");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return socket.bytesRead === 0 ? null : requestTimeout();
    default:
      return error.code?.startsWith("HPE_") === true ? notHttp(error) : null;
  }
}

/**
 * Whether the URL exceeded the limit. For a request in several packets, only the latest packet is known, which can be
 * inconclusive.
 */
function isInRequestLine({ rawPacket, bytesParsed }: ClientError): boolean {
  if (!Buffer.isBuffer(rawPacket)) return false;
  return /^[A-Z-]+ \S*$/.test(rawPacket.subarray(0, bytesParsed).toString("latin1"));
}

function headersTooLarge(): OpenSendError {
  return new OpenSendError(
    "headers_too_large",
    `The request line and the headers have more than ${HEADER_BYTES_MAX} bytes together. Send fewer or smaller headers, such as cookies.`,
  );
}

function requestTimeout(): OpenSendError {
  return new OpenSendError(
    "request_timeout",
    `The request did not arrive whole within ${REQUEST_TIMEOUT_MS / 1000} seconds. Send it again, or send less at a time.`,
  );
}

function notHttp({ code, rawPacket }: ClientError): OpenSendError {
  if (Buffer.isBuffer(rawPacket) && rawPacket[0] === TLS_HANDSHAKE) {
    return new OpenSendError(
      "invalid_request",
      "This port takes plain HTTP. Use http:// in place of https://.",
    );
  }
  return new OpenSendError("invalid_request", FAULTS[code ?? ""] ?? "The request is not valid HTTP.");
}

/** Meanings of the parser's error codes. Its own messages can quote the request, so they are not passed on. */
const FAULTS: Readonly<Record<string, string>> = {
  HPE_INVALID_METHOD: "The request does not begin with a method of HTTP, in capital letters.",
  HPE_INVALID_URL: "The URL in the request line has characters that must be percent-encoded.",
  HPE_INVALID_VERSION: "The request line does not name HTTP/1.1 or HTTP/1.0.",
  HPE_INVALID_CONSTANT: "The request line does not end in HTTP/1.1 or HTTP/1.0.",
  HPE_PAUSED_H2_UPGRADE: "This port takes HTTP/1.1. Use a client without HTTP/2 prior knowledge.",
  HPE_INVALID_HEADER_TOKEN: "A header has a character that is not allowed there.",
  HPE_INVALID_CONTENT_LENGTH: "Content-Length is not one number.",
  HPE_UNEXPECTED_CONTENT_LENGTH: "Content-Length is given twice, or beside Transfer-Encoding.",
  HPE_INVALID_TRANSFER_ENCODING:
    "Transfer-Encoding is given beside Content-Length, or does not end in chunked.",
  HPE_STRICT: "A chunk of the body does not end where its size says.",
  HPE_INVALID_CHUNK_SIZE: "The size of a chunk of the body is not a hexadecimal number.",
  HPE_INVALID_EOF_STATE: "The connection was closed before the request was complete.",
};
