import type { Secrets } from "../config/secrets.ts";
import { createKeyring, type Keyring, WeakKeyError } from "../crypto/keyring.ts";

export type ComposedKeyring = {
  readonly keyring: Keyring;
  /** How many earlier keys the operator has given. */
  readonly previousKeys: number;
};

/**
 * The keys to seal and open with. A previous key that is no key at all, such as a part of one that contains a comma, is
 * left out.
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

/** Of a list with commas the whole is a candidate too, and none of those given, unless no part is a key. */
function countGiven({ previousEncryptionKeys }: Secrets, usable: readonly string[]): number {
  const whole = previousEncryptionKeys.length > 1 ? previousEncryptionKeys.at(-1) : undefined;
  return usable.filter((material) => material !== whole).length || usable.length;
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
