import type { Secrets } from "../config/secrets.ts";
import { createKeyring, type Keyring, WeakKeyError } from "../crypto/keyring.ts";

export type ComposedKeyring = {
  readonly keyring: Keyring;
  /** Number of earlier keys that the operator has configured. */
  readonly previousKeys: number;
};

/**
 * The keys to seal and open with. An unusable previous key, such as a part of a key that contains a comma, is left out.
 *
 * @throws {WeakKeyError} when the current key is too short or repetitive.
 */
export function composeKeyring(secrets: Secrets): ComposedKeyring {
  const previous = secrets.previousEncryptionKeys.filter(isUsableKey);
  return {
    keyring: createKeyring(secrets.encryptionKey, previous),
    previousKeys: countGiven(secrets, previous),
  };
}

/** For a list with commas the whole text is a candidate too; it counts only if no part of it is a key. */
function countGiven({ previousEncryptionKeys }: Secrets, usable: readonly string[]): number {
  const wholeList = previousEncryptionKeys.length > 1 ? previousEncryptionKeys.at(-1) : undefined;
  return usable.filter((material) => material !== wholeList).length || usable.length;
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
