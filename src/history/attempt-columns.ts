import { isDeepStrictEqual } from "node:util";
import type { Receiver } from "../domain/diagnostics/detect-receiver.ts";
import { explain } from "../domain/diagnostics/explain-failure.ts";
import type { Explanation } from "../domain/diagnostics/explanation.ts";
import type { AttemptTimings, Outcome } from "../domain/outcome.ts";

/**
 * Parts of an attempt that can be derived when it is read are not stored: headers that are the same in every request or
 * stored elsewhere, names of timings, and the explanation of a success.
 */

/** In the stored order. */
const TIMINGS = ["queued", "dns", "connect", "tls", "sent", "first_byte", "total"] as const;

export function packTimings(timings: AttemptTimings): string {
  return JSON.stringify(TIMINGS.map((name) => timings[name]));
}

export function unpackTimings(stored: string): AttemptTimings {
  const values = JSON.parse(stored) as (number | null)[];
  const at = (index: number) => values[index] ?? null;
  return {
    queued: at(0),
    dns: at(1),
    connect: at(2),
    tls: at(3),
    sent: at(4),
    first_byte: at(5),
    total: at(6) ?? 0,
  };
}

type Headers = Readonly<Record<string, string>>;

const AGENT = "OpenSend/";
const STANDARD_VERSION = "v1,";
/** Starts the packed form of the usual headers, and separates its parts; no version or base64 contains either character. */
const USUAL = "~";
const BETWEEN = "|";

/** The part that differs between usual requests; without a signing secret only the version. */
type Varying = { readonly version: string; readonly signed: Signed | null };
type Signed = { readonly timestamp: string; readonly hex: string; readonly standard: string };

/** The headers of a request without a trace or a second secret, in the order in which they are sent. */
function usualHeaders({ version, signed }: Varying, eventId: string): Headers {
  const headers = {
    "content-type": "application/json",
    "user-agent": `${AGENT}${version}`,
    "x-opensend-integration-provider": "webhook",
    "webhook-id": eventId,
  };
  if (signed === null) return headers;
  return {
    ...headers,
    "x-opensend-timestamp": signed.timestamp,
    "x-opensend-signature": signed.hex,
    "webhook-timestamp": signed.timestamp,
    "webhook-signature": `${STANDARD_VERSION}${signed.standard}`,
  };
}

function varyingOf(headers: Headers): Varying {
  const version = (headers["user-agent"] ?? "").slice(AGENT.length);
  const timestamp = headers["webhook-timestamp"];
  if (timestamp === undefined) return { version, signed: null };
  const standard = (headers["webhook-signature"] ?? "").slice(STANDARD_VERSION.length);
  return { version, signed: { timestamp, hex: headers["x-opensend-signature"] ?? "", standard } };
}

export function packHeaders(headers: Headers, eventId: string): string {
  const { version, signed } = varyingOf(headers);
  const parts =
    signed === null
      ? [version]
      : [version, signed.timestamp, Buffer.from(signed.hex, "hex").toString("base64"), signed.standard];
  const packed = `${USUAL}${parts.join(BETWEEN)}`;
  // Headers that would not be unpacked unchanged are stored in full: a trace, two secrets, or a request that was never
  // sent.
  return isDeepStrictEqual(unpackHeaders(packed, eventId), headers) ? packed : JSON.stringify(headers);
}

export function unpackHeaders(stored: string, eventId: string): Headers {
  if (!stored.startsWith(USUAL)) return JSON.parse(stored) as Headers;
  const [version = "", timestamp, hex = "", standard = ""] = stored.slice(USUAL.length).split(BETWEEN);
  if (timestamp === undefined) return usualHeaders({ version, signed: null }, eventId);
  const signed = { timestamp, hex: Buffer.from(hex, "base64").toString("hex"), standard };
  return usualHeaders({ version, signed }, eventId);
}

/**
 * The explanation of a success follows from its status and the kind of receiver, so only the receiver is stored, unless
 * the success needs an action.
 */
export function packExplanation(explanation: Explanation, receiver: Receiver): string {
  const isUsual = explanation.code === "delivered" && explanation.action === "";
  return isUsual ? receiver : JSON.stringify(explanation);
}

export function unpackExplanation(stored: string, status: number | null): Explanation {
  if (stored.startsWith("{")) return JSON.parse(stored) as Explanation;
  return explain(success(status ?? 200), { ...NOTHING_KNOWN, receiver: stored as Receiver });
}

const NOTHING_KNOWN = {
  host: "",
  port: "",
  isN8nTestUrl: false,
  isSigned: true,
  bodyBytes: 0,
  retryAfterSeconds: null,
  redirectHost: null,
  timeoutSeconds: null,
  isTest: false,
} as const;

function success(status: number): Outcome {
  const response = { status, statusText: "", headers: {}, body: "", truncated: false };
  return { kind: "response", response, timings: NO_TIMINGS };
}

const NO_TIMINGS = { dns: null, connect: null, tls: null, sent: null, first_byte: null, total: 0 };
