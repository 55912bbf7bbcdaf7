import { randomBase64 } from "../text/random-base64.ts";

const KEY_BYTES = 18;

/**
 * The idempotency keys of a form. A repeated request, such as after a lost response, gets the same key, so that it
 * takes effect only once; a different request gets a new key.
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
