const KEY_BYTES = 18;

/**
 * Idempotency keys of one form: the same request again, after an answer that was lost, has the key it had, and so is
 * not done twice. Another request has another key.
 */
export function requestKeys(): (body: unknown) => string {
  let last = "";
  let key = "";
  return (body) => {
    const text = JSON.stringify(body);
    if (text !== last) key = newKey();
    last = text;
    return key;
  };
}

/** Not `randomUUID`, which is missing where the dashboard is served without TLS. */
function newKey(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(KEY_BYTES))));
}
