/** The token of an Authorization header (RFC 6750, 2.1); null for another scheme. */
export function readBearer(authorization: string): string | null {
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? null;
}

const KEY_PREFIX = "os_";

/**
 * The fault of an Authorization header without a readable token, quoting nothing but well-known schemes; null if only
 * the token itself can be wrong.
 */
export function findSchemeFault(authorization: string): string | null {
  const fix = "Send the key as `Authorization: Bearer os_…`.";
  const token = readBearer(authorization);
  if (token !== null) {
    return /^["'<`]/.test(token) ? `The key in Authorization is in quotation marks. ${fix}` : null;
  }
  const text = authorization.trim();
  if (text === "") return `The Authorization header is empty. ${fix}`;
  if (/^bearer$/i.test(text)) return `The Authorization header has \`Bearer\` and no key after it. ${fix}`;
  if (/^bearer\b/i.test(text))
    return `Between \`Bearer\` and the key there must be exactly one space. ${fix}`;
  if (text.startsWith(KEY_PREFIX))
    return `Before the key in Authorization the word \`Bearer\` is missing. ${fix}`;
  const scheme = /^(basic|digest|token|apikey|api-key|negotiate)\b/i.exec(text)?.[1];
  const named =
    scheme === undefined ? "The scheme in Authorization" : `The scheme \`${scheme}\` in Authorization`;
  return `${named} is not supported; the word \`Bearer\` is missing. ${fix}`;
}
