/** Errors of the HTTP request itself (RFC 9110), whatever call it is for. */
export const REQUEST_ERRORS = {
  malformed_json: {
    status: 400,
    title: "The request body is not valid JSON",
    cause:
      "The body could not be parsed. The response names the line and column where parsing stopped, or the character offset in a large body.",
    fix: "Send one JSON value in UTF-8. Look for a trailing comma, a missing quote or a cut-off body.",
  },
  invalid_request: {
    status: 400,
    title: "The request cannot be read",
    cause:
      "The request line, a header or the framing of the body is not valid HTTP, or the body ended early.",
    fix: "Check Content-Length, Content-Encoding and any proxy in between, then send the request again.",
  },
  request_timeout: {
    status: 408,
    title: "The request did not arrive in time",
    cause: "A request has 15 seconds for its headers and 30 seconds in total. Nothing was stored.",
    fix: "Send the request again, over a faster network or with less in its body.",
  },
  method_not_allowed: {
    status: 405,
    title: "The path does not support this method",
    cause: "The path exists, but not for this method. The Allow header lists the supported methods.",
    fix: "Use one of the methods in the Allow header.",
  },
  version_conflict: {
    status: 412,
    title: "The object has changed since you read it",
    cause:
      "The If-Match header does not name the current version, or If-None-Match does. Nothing was changed.",
    fix: "Read the object again, apply your change to it and repeat the request with its new ETag.",
  },
  body_too_large: {
    status: 413,
    title: "The request body is too large",
    cause: "The body exceeds the limit of this call. Nothing was stored.",
    fix: "Send a smaller body. The detail names the limit in bytes.",
  },
  uri_too_long: {
    status: 414,
    title: "The URL of the request is too long",
    cause: "The path and query together have more than 8,192 bytes.",
    fix: "Use fewer or shorter parameters. Pass cursors unchanged.",
  },
  unsupported_media_type: {
    status: 415,
    title: "The content type or encoding is not supported",
    cause:
      "Bodies must be JSON in UTF-8, uncompressed or compressed with gzip or deflate. This request has a different content type, charset or content encoding, or none.",
    fix: "Send `Content-Type: application/json`. The detail names what is not supported.",
  },
  headers_too_large: {
    status: 431,
    title: "The headers of the request are too large",
    cause: "The request line and the headers together have more than 32,768 bytes.",
    fix: "Send fewer or smaller headers. Cookies from other apps on the same host name are a common cause.",
  },
} as const;
