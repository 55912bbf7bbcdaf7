import { equalInConstantTime } from "../crypto/keyring.ts";
import { opensendSignature } from "../crypto/opensend-signature.ts";
import { standardWebhooksSignature } from "../crypto/standard-webhooks.ts";
import {
  type CheckedSecret,
  type SignatureHeader,
  type SignatureVerdict,
  TIMESTAMP_TOLERANCE_S,
} from "../domain/diagnostics/signature-verdict.ts";

export type SignedRequest = {
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly arrivedAt: number;
};

export type NamedSecret = { readonly name: CheckedSecret; readonly secret: string };

export type JudgingSecrets = {
  /** The secrets that the receiver verifies with. */
  readonly checked: readonly NamedSecret[];
  /** The secrets that the connection signs with, to tell a wrong secret from an altered body. */
  readonly connection: readonly NamedSecret[];
};

const HEX_SIGNATURE = /^[0-9a-f]{64}$/;
/** A signature of the version that OpenSend creates; entries of other versions are for other receivers. */
const STANDARD_SIGNATURE = /^v1,[A-Za-z0-9+/]{43}=$/;
/** Unix seconds without leading zeros, so that the number and its text are the same. */
const UNIX_SECONDS = /^[1-9]\d{0,11}$/;

/** Verifies as a receiver would: from the received bytes and headers, in constant time. */
export function judgeSignature(request: SignedRequest, secrets: JudgingSecrets): SignatureVerdict {
  const { headers } = request;
  if (!SIGNED_BY.some((header) => headers[header] !== undefined)) return verdict("unsigned");
  if (secrets.checked.length === 0) return verdict("no_secret");
  const malformed = findMalformed(headers);
  if (malformed !== null) return verdict("malformed_header", malformed);
  const valid = findValid(request, secrets.checked);
  if (valid === null) {
    return findValid(request, secrets.connection) === null ? verdict("mismatch") : verdict("other_secret");
  }
  const timestamp = timestampHeaderOf(valid.header);
  const offsetSeconds = Math.abs(request.arrivedAt / 1000 - Number(headers[timestamp]));
  if (offsetSeconds > TIMESTAMP_TOLERANCE_S) return verdict("stale_timestamp", timestamp);
  return verdict("valid", valid.header, valid.name);
}

const SIGNED_BY = [
  "x-opensend-signature",
  "x-opensend-signature-previous",
  "webhook-signature",
] as const satisfies readonly SignatureHeader[];
type SignedBy = (typeof SIGNED_BY)[number];

function findMalformed(headers: SignedRequest["headers"]): SignatureHeader | null {
  for (const name of ["x-opensend-signature", "x-opensend-signature-previous"] as const) {
    if (headers[name] === undefined) continue;
    if (!HEX_SIGNATURE.test(headers[name])) return name;
    if (!UNIX_SECONDS.test(headers["x-opensend-timestamp"] ?? "")) return "x-opensend-timestamp";
  }
  const standard = headers["webhook-signature"];
  if (standard === undefined) return null;
  if (entriesOf(standard).length === 0) return "webhook-signature";
  if (!UNIX_SECONDS.test(headers["webhook-timestamp"] ?? "")) return "webhook-timestamp";
  return (headers["webhook-id"] ?? "") === "" ? "webhook-id" : null;
}

/** Tries every scheme with every secret, even after a match, so that the time taken reveals nothing. */
function findValid(
  request: SignedRequest,
  secrets: readonly NamedSecret[],
): { readonly header: SignedBy; readonly name: CheckedSecret } | null {
  const found = SIGNED_BY.flatMap((header) =>
    secrets.filter(({ secret }) => isValid(request, header, secret)).map(({ name }) => ({ header, name })),
  );
  return found[0] ?? null;
}

function isValid({ headers, body }: SignedRequest, header: SignedBy, secret: string): boolean {
  const signature = headers[header];
  if (signature === undefined) return false;
  const timestamp = Number(headers[timestampHeaderOf(header)]);
  if (header !== "webhook-signature") {
    return equalInConstantTime(signature, opensendSignature(secret, timestamp, body));
  }
  const id = headers["webhook-id"] ?? "";
  const expected = standardWebhooksSignature(secret, { id, timestamp, body });
  return entriesOf(signature).filter((entry) => equalInConstantTime(entry, expected)).length > 0;
}

function entriesOf(standard: string): string[] {
  return standard.split(" ").filter((entry) => STANDARD_SIGNATURE.test(entry));
}

function timestampHeaderOf(header: SignedBy): "webhook-timestamp" | "x-opensend-timestamp" {
  return header === "webhook-signature" ? "webhook-timestamp" : "x-opensend-timestamp";
}

function verdict(
  code: SignatureVerdict["code"],
  header: SignatureHeader | null = null,
  secret: CheckedSecret | null = null,
): SignatureVerdict {
  return { code, header, secret };
}
