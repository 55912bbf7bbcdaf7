/** Of the request line and all headers together; Node refuses more while it reads. */
export const HEADER_BYTES_MAX = 32 * 1024;
/** RFC 9110, section 4.1, asks for 8,000 at least; no call takes as much. */
export const URL_LENGTH_MAX = 8 * 1024;
/** From the first byte of a request to its last one. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** From the first byte of a request, or the connection's beginning, to the end of its headers. */
const HEADERS_TIMEOUT_MS = 15_000;
/** Longer than proxies keep a connection for the next request, mostly 60 s: the one that closes it must not be us. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
/** How much later than declared Node may end a request; it looks at all connections so often. */
const TIMEOUT_CHECK_MS = 1000;

/** As Fastify and Node's server take them. */
export const HTTP_LIMITS = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  http: {
    headersTimeout: HEADERS_TIMEOUT_MS,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    maxHeaderSize: HEADER_BYTES_MAX,
    // `check-request-head.ts` refuses requests without one, in words.
    requireHostHeader: false,
  },
} as const;
