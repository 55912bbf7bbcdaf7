import {
  isVerifiableSecret,
  SIGNING_SECRET_RULE,
  STANDARD_WEBHOOKS_PREFIX,
} from "../../../../src/domain/signing-secret.ts";
import { type PastedRequest, readRequest } from "./read-request.ts";

const TOLERANCE_S = 5 * 60;

/** The result for one kind of signature; null when the request does not have that kind. */
type SignatureResult = { readonly isValid: boolean | null; readonly text: string };

export type Verdict = {
  /** Whether a receiver would accept every signature of the request. */
  readonly isValid: boolean;
  readonly lines: readonly string[];
};

/** Whether each signature of a pasted request is valid, in words. Runs in the browser only; nothing is sent. */
export async function checkRequest(pasted: string, secret: string, nowMs: number): Promise<Verdict> {
  const request = readRequest(pasted);
  const results = [
    await checkOpenSend(request, secret, nowMs),
    await checkStandardWebhooks(request, secret, nowMs),
  ];
  const found = results.filter(({ isValid }) => isValid !== null);
  if (found.length === 0) {
    return refuse("The pasted request has no x-opensend-signature and no webhook-signature header.");
  }
  if (request.body === "") {
    return refuse("The pasted request has no body. The body follows the headers after an empty line.");
  }
  return { isValid: found.every(({ isValid }) => isValid), lines: results.map(({ text }) => text) };
}

async function checkOpenSend({ headers, body }: PastedRequest, secret: string, nowMs: number) {
  const header = "x-opensend-signature";
  const signature = headers.get(header);
  if (signature === undefined) return absent(header);
  const timestamp = readTimestamp(headers, header, "x-opensend-timestamp", nowMs);
  if (!timestamp.isInteger) return timestamp.fault;
  const key = new TextEncoder().encode(secret);
  const computed = await Promise.all(
    bodiesOf(body).map(async (one) => hex(await hmac(key, `${timestamp.text}.${one}`))),
  );
  if (computed.includes(signature)) return timestamp.fault ?? valid(header);
  const previous = `${header}-previous`;
  if (computed.includes(headers.get(previous) ?? "")) {
    return timestamp.fault ?? valid(previous, "The signature was created with the previous secret.");
  }
  return mismatch(header);
}

async function checkStandardWebhooks({ headers, body }: PastedRequest, secret: string, nowMs: number) {
  const header = "webhook-signature";
  const entries = headers.get(header)?.split(/\s+/);
  if (entries === undefined) return absent(header);
  const id = headers.get("webhook-id") ?? "";
  if (id === "") return invalid(header, "the webhook-id header is missing.");
  const timestamp = readTimestamp(headers, header, "webhook-timestamp", nowMs);
  if (!timestamp.isInteger) return timestamp.fault;
  if (!isVerifiableSecret(secret)) return invalid(header, `the secret is malformed. ${SIGNING_SECRET_RULE}`);
  const key = standardWebhooksKey(secret);
  const computed = await Promise.all(
    bodiesOf(body).map(async (one) => `v1,${base64(await hmac(key, `${id}.${timestamp.text}.${one}`))}`),
  );
  const match = entries.findIndex((entry) => computed.includes(entry));
  if (match === -1) return mismatch(header);
  // The signature with the new secret comes first.
  const isPrevious = match > 0;
  const note = `Entry ${match + 1} of ${entries.length} was created with the previous secret.`;
  return timestamp.fault ?? valid(header, isPrevious ? note : "");
}

type Timestamp =
  | { readonly isInteger: false; readonly fault: SignatureResult }
  /** The timestamp as sent. `fault` is set when it is too far from this clock. */
  | { readonly isInteger: true; readonly text: string; readonly fault: SignatureResult | null };

function readTimestamp(
  headers: ReadonlyMap<string, string>,
  header: string,
  name: string,
  nowMs: number,
): Timestamp {
  const text = headers.get(name);
  if (text === undefined)
    return { isInteger: false, fault: invalid(header, `the ${name} header is missing.`) };
  if (!/^\d{1,12}$/.test(text)) {
    return { isInteger: false, fault: invalid(header, `${name} is not a whole number of seconds.`) };
  }
  const ageS = Math.round(nowMs / 1000) - Number(text);
  const late = `it was created ${span(ageS)} ago, and receivers reject what is older than 5 min.`;
  const early = `it was created ${span(-ageS)} ahead of this clock, and receivers reject more than 5 min.`;
  if (Math.abs(ageS) <= TOLERANCE_S) return { isInteger: true, text, fault: null };
  return { isInteger: true, text, fault: invalid(header, ageS > 0 ? late : early) };
}

/** Copying often adds line breaks at the end; OpenSend's bodies never end in one. */
function bodiesOf(body: string): string[] {
  return [body, body.replace(/[\r\n]+$/, "")];
}

/** The decoded bytes of a `whsec_` secret, otherwise its UTF-8 bytes. */
function standardWebhooksKey(secret: string): Uint8Array<ArrayBuffer> {
  if (!secret.startsWith(STANDARD_WEBHOOKS_PREFIX)) return new TextEncoder().encode(secret);
  const decoded = atob(secret.slice(STANDARD_WEBHOOKS_PREFIX.length));
  return Uint8Array.from(decoded, (byte) => byte.charCodeAt(0));
}

async function hmac(bytes: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text)));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function span(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

function valid(header: string, note = ""): SignatureResult {
  return { isValid: true, text: `${header} is valid. ${note}`.trim() };
}

function invalid(header: string, why: string): SignatureResult {
  return { isValid: false, text: `${header} is invalid: ${why}` };
}

function mismatch(header: string): SignatureResult {
  return invalid(header, "the body was changed, or the secret is a different one.");
}

function absent(header: string): SignatureResult {
  return { isValid: null, text: `${header} is not in the pasted request.` };
}

function refuse(text: string): Verdict {
  return { isValid: false, lines: [text] };
}
