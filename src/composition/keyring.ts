import type { Secrets } from "../config/secrets.ts";
import { createKeyring, type Keyring, WeakKeyError } from "../crypto/keyring.ts";

/**
 * The keys to seal and open with. A previous key that is no key at all, such as a part of one that holds a comma, is
 * left out.
 *
 * @throws {WeakKeyError} when the current key is too short or repetitive.
 */
export function composeKeyring(secrets: Secrets): Keyring {
  const previous = secrets.previousEncryptionKeys.filter(isUsableKey);
  return createKeyring(secrets.encryptionKey, previous);
}

function isUsableKey(material: string): boolean {
  try {
    createKeyring(material);
    return true;
  } catch (error) {
    if (error instanceof WeakKeyError) return false;
    throw error;
  }
}
