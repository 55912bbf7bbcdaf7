import { randomBase64 } from "../text/random-base64.ts";

const KEY_BYTES = 18;

/**
 * Idempotency keys of one form: the same request again, after a response that was lost, has the key it had, and so is
 * not done twice. Another request has another key.
 */
export function requestKeys(): (body: unknown) => string {
  let last = "";
  let key = "";
  return (body) => {
    const text = JSON.stringify(body);
    if (text !== last) key = randomBase64(KEY_BYTES);
    last = text;
    return key;
  };
}
