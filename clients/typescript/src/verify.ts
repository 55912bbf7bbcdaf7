import { SignatureError } from "./signature-error.ts";
import { type SecretKey, standardKeyOf, textKeyOf, verifiesWith } from "./signing-key.ts";

/** Headers in a framework's form: of the Fetch API, of Node, or a plain object. */
export type HeadersLike =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

export type VerifyInput = {
  /** The raw body, before it is parsed. */
  readonly body: string | Uint8Array | ArrayBuffer;
  readonly headers: HeadersLike;
  /** The signing secret of the connection, or several during a rotation. */
  readonly secret: string | readonly string[];
  /**
   * `standard` verifies `webhook-signature`, which also covers the id. `opensend` verifies `x-opensend-signature`,
   * which does not.
   */
  readonly scheme?: "standard" | "opensend" | undefined;
  /** The maximum difference between the timestamp and the clock, in seconds. Default: 300. */
  readonly toleranceSeconds?: number | undefined;
  /** The current time in milliseconds, for tests. */
  readonly now?: number | undefined;
};

export type VerifiedEvent = {
  /** The same on every attempt: store it to handle each event only once. */
  readonly id: string;
  readonly type: string;
  readonly created_at: string;
  readonly data: Record<string, unknown>;
  /** When this attempt was signed, in Unix seconds. */
  readonly timestamp: number;
};

const TOLERANCE_S = 300;

/**
 * Verifies that a request comes from your OpenSend, is unchanged and recent, and returns its event.
 *
 * @throws SignatureError otherwise.
 */
export async function verify(input: VerifyInput): Promise<VerifiedEvent> {
  const { scheme = "standard", toleranceSeconds = TOLERANCE_S, now = Date.now() } = input;
  const secrets = checkedSecrets(input.secret);
  const body = bytesOf(input.body);
  const id = header(input.headers, "webhook-id");
  const prefix = scheme === "standard" ? "webhook" : "x-opensend";
  const timestamp = header(input.headers, `${prefix}-timestamp`);
  const signature = header(input.headers, `${prefix}-signature`);
  if (id === null || timestamp === null || signature === null) throw new SignatureError("missing_header");
  if (!/^\d{1,12}$/.test(timestamp)) throw new SignatureError("malformed_header");
  if (Math.abs(now / 1000 - Number(timestamp)) > toleranceSeconds)
    throw new SignatureError("stale_timestamp");
  const isValid =
    scheme === "standard"
      ? await matches(secrets.map(standardKeyOf), standardSignatures(signature), `${id}.${timestamp}.`, body)
      : await matches(secrets.map(textKeyOf), ownSignatures(input.headers, signature), `${timestamp}.`, body);
  if (!isValid) throw new SignatureError("mismatch");
  return { id, ...readBody(body), timestamp: Number(timestamp) };
}

/** Whether one of the signatures was created with one of the keys. The platform compares in constant time. */
async function matches(
  keys: readonly SecretKey[],
  signatures: readonly Uint8Array<ArrayBuffer>[],
  head: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const start = new TextEncoder().encode(head);
  const signed = new Uint8Array(start.length + body.length);
  signed.set(start);
  signed.set(body, start.length);
  for (const key of keys) {
    for (const signature of signatures) if (await verifiesWith(key, signature, signed)) return true;
  }
  return false;
}

/** Entries of `v1,` and base64, separated by spaces; entries of other versions are ignored. */
function standardSignatures(value: string): Uint8Array<ArrayBuffer>[] {
  const entries = value.split(" ").filter((entry) => entry.startsWith("v1,"));
  return entries.flatMap((entry) => {
    const text = entry.slice("v1,".length);
    return /^[A-Za-z0-9+/]{43}=$/.test(text)
      ? [Uint8Array.from(atob(text), (char) => char.charCodeAt(0))]
      : [];
  });
}

/** During a rotation, the previous secret's signature is in a separate header. */
function ownSignatures(headers: HeadersLike, value: string): Uint8Array<ArrayBuffer>[] {
  const texts = [value, header(headers, "x-opensend-signature-previous") ?? ""];
  return texts
    .filter((text) => /^[0-9a-f]{64}$/.test(text))
    .map((text) => Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)));
}

/** Null if the header is missing, empty or repeated. */
function header(headers: HeadersLike, name: string): string | null {
  if (typeof headers["get"] === "function") return (headers as Headers).get(name) || null;
  const found = Object.entries(headers).filter(([key]) => key.toLowerCase() === name);
  const values = found.flatMap(([, value]) => value ?? []);
  return values.length === 1 && typeof values[0] === "string" && values[0] !== "" ? values[0] : null;
}

function bytesOf(body: unknown): Uint8Array<ArrayBuffer> {
  if (typeof body === "string") return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return new Uint8Array(body);
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  throw new TypeError("`body` must be the raw body: a string or bytes, not what a JSON parser makes of it.");
}

function checkedSecrets(given: string | readonly string[]): readonly string[] {
  const secrets = typeof given === "string" ? [given] : [...(given ?? [])];
  if (secrets.length === 0 || secrets.some((secret) => typeof secret !== "string" || secret === "")) {
    throw new TypeError("`secret` is empty. Set it to the signing secret of the connection.");
  }
  return secrets;
}

function readBody(body: Uint8Array<ArrayBuffer>): Pick<VerifiedEvent, "type" | "created_at" | "data"> {
  try {
    const { type, created_at, data } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    if (typeof type === "string") return { type, created_at, data };
  } catch {
    // As below.
  }
  throw new SignatureError("malformed_body");
}
