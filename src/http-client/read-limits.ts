/** Per connection. Servers send two; a flood of tickets is read without a byte of response. */
export const SESSION_TICKETS_MAX = 100;

export const SESSION_TICKETS_TOO_MANY = "OpenSend reads at most 100 TLS session tickets of a connection.";

/**
 * Limit for everything read for a request outside the body, however it is framed. Ordinary responses need one or two
 * KiB.
 */
export const NON_BODY_BYTES_MAX = 64 * 1024;

export const NON_BODY_TOO_LARGE =
  "OpenSend reads at most 64 KiB of headers, interim responses, chunk framing and blank lines.";

/** Limit for the body; the rest is not awaited. */
export const BODY_BYTES_MAX = 64 * 1024;
