/** Errors of a request as HTTP has it (RFC 9110), whatever call it is for. */
export const REQUEST_ERRORS = {
  malformed_json: {
    status: 400,
    title: "The request body is not valid JSON",
    meaning:
      "The body could not be parsed. The answer names the line and column where parsing stopped, or the character when it is far into a large body.",
    cure: "Send one JSON value in UTF-8. Look for a trailing comma, a missing quote or a cut-off body.",
  },
  invalid_request: {
    status: 400,
    title: "The request cannot be read",
    meaning:
      "The request line, a header or the framing of the body is not valid HTTP, or the body ended early.",
    cure: "Check Content-Length, Content-Encoding and any proxy in between, then send the request again.",
  },
  request_timeout: {
    status: 408,
    title: "The request did not arrive in time",
    meaning:
      "A request has 15 seconds for its headers and 30 seconds in total. Nothing of this one was kept.",
    cure: "Send the request again, over a faster network or with less in its body.",
  },
  method_not_allowed: {
    status: 405,
    title: "The path does not support this method",
    meaning: "The address exists, but not for this method. The Allow header lists those it has.",
    cure: "Use one of the methods in the Allow header.",
  },
  version_conflict: {
    status: 412,
    title: "The object has changed since you read it",
    meaning:
      "The If-Match header names no version that is current, or If-None-Match names the one that is. Nothing was changed.",
    cure: "Read the object again, apply your change to it and repeat the request with its new ETag.",
  },
  body_too_large: {
    status: 413,
    title: "The request body is too large",
    meaning: "The body is over the limit of this call. Nothing of it was kept.",
    cure: "Send less: the detail names the limit in bytes.",
  },
  uri_too_long: {
    status: 414,
    title: "The URL of the request is too long",
    meaning: "The path and query together have more than 8,192 bytes.",
    cure: "Use fewer or shorter parameters, and cursors as they were given.",
  },
  unsupported_media_type: {
    status: 415,
    title: "The content type or encoding is not supported",
    meaning:
      "Bodies are JSON in UTF-8, as they are or compressed with gzip or deflate. Another content type, charset or content encoding, or none, was sent.",
    cure: "Send `Content-Type: application/json`. The detail names what is not supported.",
  },
  headers_too_large: {
    status: 431,
    title: "The headers of the request are too large",
    meaning: "The request line and the headers together have more than 32,768 bytes.",
    cure: "Send fewer or smaller headers. Cookies of other programs on the same host name are a frequent cause.",
  },
} as const;
