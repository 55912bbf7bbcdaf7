import { isUtf8 } from "node:buffer";
import type { CustomHeader } from "./custom-headers.ts";

/** Values of these headers are ordinary words of HTTP, not secrets, and occur in most responses. */
const PUBLIC_NAME = /^(?:accept(?:-.*)?|cache-control|pragma|date)$/i;
/** A scheme and its credentials (RFC 9110, section 11.4). */
const WITH_SCHEME = /^[A-Za-z][A-Za-z0-9-]* +(\S.*)$/;
const BASIC = /^Basic +([A-Za-z0-9+/_-]+={0,2})$/i;
/** Values of cookies and parameters, quoted or not. */
const ASSIGNED = /=\s*"?([^\s",;]+)/g;

/** Separators between name and value when a program prints a header. */
const SEPARATORS = [":", ": ", "=", " = ", ...["'", '"'].flatMap(quoted)];

function quoted(quote: string): string[] {
  const between = [":", ": ", "=>", " => ", ",", ", ", ": [", ":["].map(
    (separator) => `${quote}${separator}${quote}`,
  );
  return [...between, `${quote}:`, `${quote}: `, `=${quote}`, `: ${quote}`];
}

/** Every part of a header's value that could serve as a credential by itself. */
export function headerSecrets({ name, value }: CustomHeader): string[] {
  if (PUBLIC_NAME.test(name)) return [];
  const credentials = WITH_SCHEME.exec(value)?.[1];
  const assigned = [...value.matchAll(ASSIGNED)].flatMap(([, one]) => one ?? []);
  return [value, ...(credentials === undefined ? [] : [credentials]), ...assigned, ...basicSecrets(value)];
}

/**
 * User and password in clear, and the password alone, or the user alone when the password is empty (RFC 7617, section
 * 2).
 */
function basicSecrets(value: string): string[] {
  const encoded = BASIC.exec(value)?.[1];
  if (encoded === undefined) return [];
  const bytes = Buffer.from(encoded, "base64");
  const text = isUtf8(bytes) ? bytes.toString() : bytes.toString("latin1");
  const colon = text.indexOf(":");
  if (colon === -1) return [text];
  const [user, password] = [text.slice(0, colon), text.slice(colon + 1)];
  return [text, password === "" ? user : password];
}

/**
 * Lines with name and value as programs print them, for a value that is too short or too common to mask everywhere. CGI
 * writes `_` for `-` in names.
 */
export function headerLines({ name, value }: CustomHeader, lengthMin: number): string[] {
  if (value.length >= lengthMin && !PUBLIC_NAME.test(name)) return [];
  return [name, name.replaceAll("-", "_")].flatMap((one) =>
    SEPARATORS.map((separator) => `${one}${separator}${value}`),
  );
}
