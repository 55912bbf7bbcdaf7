const { createHmac, randomBytes, timingSafeEqual } = require("node:crypto");

const PREFIX = "whsec_";
const KEY_BYTES = 32;
const TOLERANCE_S = 5 * 60;

function newSigningSecret() {
  return PREFIX + randomBytes(KEY_BYTES).toString("base64");
}

/**
 * Whether a request is recent and signed according to Standard Webhooks 1.0.0, with a secret from `newSigningSecret`.
 * `content` is the raw body.
 */
function isSigned({ headers, content }, secret, nowS = Date.now() / 1000) {
  const id = headerOf(headers, "webhook-id");
  const timestamp = headerOf(headers, "webhook-timestamp");
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(nowS - Number(timestamp)) > TOLERANCE_S) return false;
  const key = Buffer.from(secret.slice(PREFIX.length), "base64");
  const signed = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(content).digest();
  return headerOf(headers, "webhook-signature")
    .split(" ")
    .filter((entry) => entry.startsWith("v1,"))
    .map((entry) => Buffer.from(entry.slice(3), "base64"))
    .some((given) => given.length === signed.length && timingSafeEqual(given, signed));
}

/** Zapier writes `webhook-id` as `Http-Webhook-Id`. */
function headerOf(headers, name) {
  const found = Object.entries(headers ?? {}).find(
    ([written]) => written.toLowerCase().replace(/^http-/, "") === name,
  );
  return found === undefined ? "" : String(found[1]);
}

module.exports = { headerOf, isSigned, newSigningSecret };
