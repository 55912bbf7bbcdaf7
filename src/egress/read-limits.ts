/** Of one response's headers; undici enforces it. */
export const HEADER_BYTES_MAX = 16 * 1024;

export const HEADERS_TOO_LARGE = "OpenSend reads at most 16 KiB of headers.";

/** Of all that is read for a request and is not body, however it is framed. Ordinary responses need one or two KiB. */
export const NON_BODY_BYTES_MAX = 64 * 1024;

export const NON_BODY_TOO_LARGE =
  "OpenSend reads at most 64 KiB of headers, interim responses, chunk framing and blank lines.";
