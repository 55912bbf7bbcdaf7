import { SendError } from "./send-error.ts";

/** How the end of a body is found (RFC 9112, section 6.3). */
export type BodyFraming =
  | { readonly kind: "none"; readonly keepsAlive: boolean }
  | { readonly kind: "length"; readonly length: number; readonly keepsAlive: boolean }
  | { readonly kind: "chunked"; readonly keepsAlive: boolean }
  | { readonly kind: "until_close"; readonly keepsAlive: false };

type Headers = Readonly<Record<string, string>>;

const WITHOUT_BODY = [204, 304];

/**
 * Determines how the body ends. Ambiguous framing is refused, or prevents reuse of the connection.
 *
 * @throws {SendError} `invalid_response`.
 */
export function readFraming(status: number, headers: Headers): BodyFraming {
  const hasCoding = headers["transfer-encoding"] !== undefined;
  if (status < 200 || WITHOUT_BODY.includes(status)) {
    // A body sent anyway would be read as the next response.
    return { kind: "none", keepsAlive: !hasCoding && (headers["content-length"] ?? "0") === "0" };
  }
  const codings = transferCodings(headers);
  const length = contentLength(headers);
  if (codings.length > 0 && length !== null) {
    throw invalid("The response has both a Content-Length and a Transfer-Encoding.");
  }
  if (codings.at(-1) === "chunked") return { kind: "chunked", keepsAlive: codings.length === 1 };
  if (codings.length > 0 || length === null) return { kind: "until_close", keepsAlive: false };
  return length === 0 ? { kind: "none", keepsAlive: true } : { kind: "length", length, keepsAlive: true };
}

function transferCodings(headers: Headers): string[] {
  return listed(headers["transfer-encoding"])
    .map((coding) => coding.toLowerCase())
    .filter((coding) => coding !== "identity");
}

/** Repeated lengths count once if they agree (RFC 9110, section 8.6). */
function contentLength(headers: Headers): number | null {
  const header = headers["content-length"];
  if (header === undefined) return null;
  const lengths = new Set(header.split(",").map((length) => readLength(length.trim())));
  const [length = null, other] = lengths;
  if (other !== undefined) throw invalid("The response has two different Content-Length values.");
  return length;
}

function readLength(text: string): number {
  if (!/^\d+$/.test(text)) throw invalid("The Content-Length is not a number.");
  return Number(text);
}

function listed(header: string | undefined): string[] {
  return (header ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function invalid(detail: string): SendError {
  return new SendError("invalid_response", detail);
}
