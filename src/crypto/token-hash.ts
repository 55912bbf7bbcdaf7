import { hash, randomBytes } from "node:crypto";

/**
 * SHA-256 of a token as hexadecimal. Suitable for tokens of 256 random bits, which cannot be guessed; passwords need a
 * slow hash instead.
 */
export function hashToken(token: string): string {
  return hash("sha256", token, "hex");
}

/** 256 random bits as 43 characters of base64url. */
export function randomToken(): string {
  return randomBytes(32).toString("base64url");
}
