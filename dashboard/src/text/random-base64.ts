/** So many random bytes in base64. Not `randomUUID`, which is missing where the dashboard is served without TLS. */
export function randomBase64(bytes: number): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes))));
}
