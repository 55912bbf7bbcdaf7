/** That many random bytes in base64. `randomUUID` is missing when the dashboard is served without TLS. */
export function randomBase64(bytes: number): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes))));
}
