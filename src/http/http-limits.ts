/** Limit for the request line and all headers together; Node refuses longer ones while reading. */
export const HEADER_BYTES_MAX = 32 * 1024;
/** RFC 9110, section 4.1, recommends at least 8,000; no call needs as much. */
export const URL_LENGTH_MAX = 8 * 1024;
/** From the first byte of a request to its last. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** From the first byte of a request, or from the start of the connection, to the end of the headers. */
const HEADERS_TIMEOUT_MS = 15_000;
/** Longer than proxies keep idle connections (usually 60 s), so that the proxy closes the connection first. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
/** How late Node may enforce the timeouts; it checks all connections at this interval. */
const TIMEOUT_CHECK_MS = 1000;

/** In the form that Fastify and Node's server accept. */
export const HTTP_LIMITS = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  http: {
    headersTimeout: HEADERS_TIMEOUT_MS,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    maxHeaderSize: HEADER_BYTES_MAX,
    // `check-request-head.ts` refuses requests without one, with an explanation.
    requireHostHeader: false,
  },
} as const;
