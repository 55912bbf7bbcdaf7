import { hkdfSync } from "node:crypto";

/**
 * A key for one purpose (HKDF-SHA256, RFC 5869). It reveals nothing about the root or about keys for other purposes.
 */
export function deriveKey(root: Buffer | string, purpose: string, bytes = 32): Buffer {
  return Buffer.from(hkdfSync("sha256", root, Buffer.alloc(0), `opensend/${purpose}/v1`, bytes));
}
