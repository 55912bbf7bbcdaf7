import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Keyring } from "./keyring.ts";

const VERSION = "v1";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The row that a ciphertext belongs to. It is authenticated, so a ciphertext copied to another row does not open. */
export type SealBinding = { readonly workspaceId: string; readonly connectionId: string };

/** The ciphertext names a key that the keyring lacks, was altered, or is in a row it was not sealed for. */
export class UnsealError extends Error {
  override readonly name = "UnsealError";
  readonly keyId: string | null;

  constructor(reason: string, keyId: string | null) {
    super(reason);
    this.keyId = keyId;
  }
}

/**
 * AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D). The result is `v1.<key id>.<base64url of nonce, ciphertext
 * and tag>`; version, key id, workspace and connection are authenticated as additional data.
 */
export function seal(keyring: Keyring, binding: SealBinding, plaintext: string): string {
  const key = keyring.current;
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key.sealing, iv);
  cipher.setAAD(additionalData(key.id, binding));
  const sealed = Buffer.concat([iv, cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `${VERSION}.${key.id}.${sealed.toString("base64url")}`;
}

/** @throws {UnsealError} when the text cannot be opened in this row with the available keys. */
export function unseal(keyring: Keyring, binding: SealBinding, sealedText: string): string {
  const [version, keyId, payload, ...rest] = sealedText.split(".");
  if (version !== VERSION || keyId === undefined || payload === undefined || rest.length > 0) {
    throw new UnsealError("unknown ciphertext format", null);
  }
  const key = keyring.byId.get(keyId);
  if (key === undefined) throw new UnsealError(`no key with id ${keyId}`, keyId);
  const bytes = Buffer.from(payload, "base64url");
  if (bytes.length < IV_BYTES + TAG_BYTES) throw new UnsealError("ciphertext cut short", keyId);
  const decipher = createDecipheriv("aes-256-gcm", key.sealing, bytes.subarray(0, IV_BYTES));
  decipher.setAAD(additionalData(keyId, binding));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const body = bytes.subarray(IV_BYTES, -TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
  } catch {
    throw new UnsealError("ciphertext does not authenticate in this row", keyId);
  }
}

/** Explains to operators why a ciphertext does not open: a missing key, or damage. */
export function describeUnsealError({ keyId }: UnsealError, keyring: Keyring): string {
  if (keyId !== null && !keyring.byId.has(keyId)) return `was sealed with key ${keyId}, which is not at hand`;
  return "is damaged, or was sealed for another row";
}

/** The id of the key a ciphertext was sealed with. */
export function keyIdOf(sealedText: string): string | null {
  return sealedText.split(".")[1] ?? null;
}

function additionalData(keyId: string, binding: SealBinding): Buffer {
  return Buffer.from(`opensend|${VERSION}|${keyId}|${binding.workspaceId}|${binding.connectionId}`);
}
