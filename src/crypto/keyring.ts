import { createHmac, scryptSync, timingSafeEqual } from "node:crypto";
import { deriveKey } from "./derive-key.ts";

/** One key, expanded into a key per purpose. Created once at startup; nothing is derived during a call. */
export type SealingKey = {
  /** Eight hex characters that identify the key in a ciphertext and reveal nothing about it. */
  readonly id: string;
  readonly sealing: Buffer;
  readonly fingerprint: Buffer;
};

export type Keyring = {
  readonly current: SealingKey;
  /** Every key that can open, the current one included, by id. */
  readonly byId: ReadonlyMap<string, SealingKey>;
};

/** The scrypt cost for free-text key material: about 60 ms, once at startup. */
const SCRYPT = { N: 2 ** 14, r: 8, p: 1 } as const;
const TEXT_LENGTH_MIN = 16;
/** Minimum of distinct characters, or of distinct bytes if the text represents bytes. */
const DISTINCT_UNITS_MIN = 6;
const REPEATED_UNIT_LENGTH_MAX = 8;

export class WeakKeyError extends Error {
  override readonly name = "WeakKeyError";
}

/**
 * Reads key material in one of three forms: 32 bytes as base64 (or base64url), 64 hexadecimal characters, or
 * high-entropy text of at least 16 characters, which is stretched with scrypt.
 *
 * @throws {WeakKeyError} when it is too short or plainly repetitive; the message never contains the material.
 */
export function readKeyMaterial(material: string): Buffer {
  const text = material.trim();
  if (text.length < TEXT_LENGTH_MIN) {
    throw new WeakKeyError(`has ${text.length} characters; at least ${TEXT_LENGTH_MIN} are needed`);
  }
  const bytes = decodeKey(text);
  if (isRepetitive(text) || (bytes !== null && hasFewDistinct(bytes))) {
    throw new WeakKeyError("repeats the same few characters; use random bytes");
  }
  return bytes ?? scryptSync(text, "opensend/integration-secret-encryption-key/v1", 32, SCRYPT);
}

function decodeKey(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, "hex");
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, "base64");
  return null;
}

function hasFewDistinct(units: Iterable<unknown>): boolean {
  return new Set(units).size < DISTINCT_UNITS_MIN;
}

function isRepetitive(text: string): boolean {
  if (hasFewDistinct(text)) return true;
  for (let unit = 1; unit <= Math.min(REPEATED_UNIT_LENGTH_MAX, text.length / 2); unit++) {
    if (
      text ===
      text
        .slice(0, unit)
        .repeat(Math.ceil(text.length / unit))
        .slice(0, text.length)
    )
      return true;
  }
  return false;
}

/** Builds the keyring from key material: the first key seals, all keys open. */
export function createKeyring(current: string, previous: readonly string[] = []): Keyring {
  const keys = [current, ...previous].map((material) => expand(readKeyMaterial(material)));
  const [first] = keys;
  if (first === undefined) throw new WeakKeyError("is missing");
  return { current: first, byId: new Map([...keys].reverse().map((key) => [key.id, key])) };
}

function expand(root: Buffer): SealingKey {
  return {
    id: deriveKey(root, "key-id", 4).toString("hex"),
    sealing: deriveKey(root, "sealing"),
    fingerprint: deriveKey(root, "fingerprint"),
  };
}

/** Six hex characters by which two people can compare URLs without seeing them. */
export function fingerprintUrl(key: SealingKey, url: string): string {
  return createHmac("sha256", key.fingerprint).update(url).digest("hex").slice(0, 6);
}

export function equalInConstantTime(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
