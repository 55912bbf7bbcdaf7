import { isUtf8 } from "node:buffer";
import type { Credentials } from "./connection.ts";
import { decodedLayers } from "./decode-escapes.ts";
import { foldCase } from "./fold-case.ts";
import { headerLines, headerSecrets } from "./header-spellings.ts";
import { redactHost } from "./redact-url.ts";
import { STANDARD_WEBHOOKS_PREFIX } from "./signing-secret.ts";

/** Shorter parts are not secrets, and masking them would remove ordinary words. */
export const CREDENTIAL_LENGTH_MIN = 6;
/** Minimum length of a token within a segment: shorter parts are names and versions. */
const TOKEN_LENGTH_MIN = 12;
const PLAIN_WORD = /^[a-z-]{1,16}$/;
/** Base64 in either alphabet, with or without padding. */
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
const HEX = /^(?:[0-9A-Fa-f]{2})+$/;
/** Fewer decoded bytes are not a key. */
const KEY_BYTES_MIN = 4;

/**
 * Every part of the credentials that could serve as a credential, case-folded, in every encoding a receiver can use
 * except those that `decodedLayers` removes. Parts of the webhook URL are the whole URL, its path and query, their
 * values, and token labels of the host.
 */
export function credentialSpellings(credentials: Credentials): ReadonlySet<string> {
  const keys = secretsOf(credentials).flatMap(keysIn);
  const headers = credentials.headers ?? [];
  const parts = [
    ...urlParts(new URL(credentials.webhookUrl), credentials.webhookUrl),
    ...secretsOf(credentials).flatMap((secret) => [secret, withoutPrefix(secret)]),
    ...keys.filter(isUtf8).map((key) => key.toString()),
    ...headers.flatMap(headerSecrets),
  ];
  const spellings = [...new Set(parts.filter(isLongEnough))].flatMap(spellingsOf);
  const lists = [...keys, ...secretsOf(credentials).map((secret) => Buffer.from(secret))].flatMap(byteLists);
  const lines = headers.flatMap((header) => headerLines(header, CREDENTIAL_LENGTH_MIN));
  const all = [...spellings, ...keys.flatMap(keySpellings), ...lists, ...lines];
  return new Set(all.filter(isLongEnough).map(foldCase));
}

/**
 * The parts of custom headers that are too short to be masked everywhere, in the encodings in which a receiver can
 * echo a whole value, with case folded.
 */
export function shortSpellings({ headers = [] }: Credentials): ReadonlySet<string> {
  const parts = headers.flatMap(headerSecrets).filter((part) => part.trim() !== "" && !isLongEnough(part));
  const texts = parts.flatMap((part) => decodedLayers(part).map(({ text }) => text));
  const spellings = texts.flatMap((text) => [
    ...inBothAlphabets(text),
    Buffer.from(text).toString("hex"),
    ...inBothAlphabets(Buffer.from(text).toString("base64")),
  ]);
  return new Set(spellings.filter((text) => text.trim() !== "").map(foldCase));
}

function urlParts(url: URL, written: string): string[] {
  const path = url.pathname.replace(/\/+$/, "");
  const segments = path.split("/").slice(1);
  const wholes = [written, url.href, `${url.pathname}${url.search}`, path, url.search.slice(1)];
  // A receiver mounted below the root prints only the end of the path.
  const words = [path.slice(1), segments.slice(-2).join("/"), ...segments];
  return [
    ...wholes,
    ...words.filter((word) => !PLAIN_WORD.test(word)),
    ...queryCredentials(url),
    ...[...segments, ...queryCredentials(url)].flatMap((word) => word.split(PUNCTUATION)).filter(isTokenLike),
    ...hiddenHostParts(url),
  ];
}

/** Separators within a segment or value: `;key=…`, `bot123:…`, `{"key":"…"}`, the parts of a JSON Web Token. */
const PUNCTUATION = /(?:[^A-Za-z0-9_%-]|%(?:2[0-9A-Fa-f]|3[A-Fa-f]|40|5[B-Db-d]|7[B-Db-d]))+/;

function isTokenLike(word: string): boolean {
  return word.length >= TOKEN_LENGTH_MIN && /\d/.test(word) && /[A-Za-z]/.test(word);
}

/** Each value of the query, or the name when there is no value (`?token`). */
function queryCredentials(url: URL): string[] {
  const pairs = url.search.slice(1).split("&");
  return pairs.map((pair) => pair.slice(pair.indexOf("=") + 1) || pair.slice(0, -1));
}

/** Token labels of the host, which the URL's preview hides, and the host name that contains them. */
function hiddenHostParts(url: URL): string[] {
  const shown = redactHost(url).split(".");
  const hidden = url.hostname.split(".").filter((label) => label !== "" && !shown.includes(label));
  return hidden.length === 0 ? [] : [url.hostname, ...hidden];
}

function secretsOf({ signingSecret, previousSecret }: Credentials): string[] {
  return [signingSecret, previousSecret?.secret ?? null].filter((secret) => secret !== null);
}

function withoutPrefix(secret: string): string {
  return secret.startsWith(STANDARD_WEBHOOKS_PREFIX) ? secret.slice(STANDARD_WEBHOOKS_PREFIX.length) : secret;
}

/** The bytes of a secret that can be read as base64 or hexadecimal. */
function keysIn(secret: string): Buffer[] {
  const written = withoutPrefix(secret);
  const keys = [
    ...(BASE64.test(written) ? [Buffer.from(written, "base64")] : []),
    ...(HEX.test(written) ? [Buffer.from(written, "hex")] : []),
  ];
  return keys.filter(({ length }) => length >= KEY_BYTES_MIN);
}

/** The forms in which receivers print the bytes of a key. */
function keySpellings(key: Buffer): string[] {
  return [key.toString("latin1"), key.toString("hex"), ...inBothAlphabets(key.toString("base64"))];
}

/** Bytes as Node, Go, Java and JSON print them; Java's are signed. */
function byteLists(bytes: Buffer): string[] {
  const inHex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0"));
  const signed = [...bytes].map((byte) => (byte > 127 ? byte - 256 : byte));
  return [
    ...[" ", ":", "-"].map((separator) => inHex.join(separator)),
    ...[" ", ",", ", "].map((separator) => bytes.join(separator)),
    ...[",", ", "].map((separator) => signed.join(separator)),
  ];
}

/** Blank text and replacement characters (for bytes that are not text) occur everywhere, so they do not count. */
function isLongEnough(part: string): boolean {
  return part.replaceAll("\uFFFD", "").length >= CREDENTIAL_LENGTH_MIN && part.trim() !== "";
}

function spellingsOf(part: string): string[] {
  // Ill-formed text cannot be encoded, so no receiver can echo it.
  const texts = decodedLayers(part.toWellFormed()).map(({ text }) => text);
  return texts
    .filter(isLongEnough)
    .flatMap((text) => [
      ...inBothAlphabets(text),
      text.replaceAll("+", " "),
      text.replaceAll(" ", "+"),
      Buffer.from(text).toString("hex"),
      ...insideBase64(Buffer.from(text)).flatMap(inBothAlphabets),
      ...misread(text),
    ]);
}

/**
 * The text and, if it can be base64, its forms in both alphabets (RFC 4648, sections 4 and 5), with padding and
 * without.
 */
function inBothAlphabets(text: string): string[] {
  if (!BASE64.test(text)) return [text];
  const bare = text.replace(/=+$/, "");
  return [
    text,
    bare,
    bare.replaceAll("-", "+").replaceAll("_", "/"),
    bare.replaceAll("+", "-").replaceAll("/", "_"),
  ];
}

/** These bytes as they appear in the base64 of a longer text, for each of the three positions where they can begin. */
function insideBase64(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const bits = (before + bytes.length) * 8;
    // The first and the last character can carry bits of neighboring bytes.
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6));
  });
}

/** Spellings of non-ASCII text: UTF-8 read as Latin-1 or the reverse, both normal forms, and upper case. */
function misread(text: string): string[] {
  return [
    Buffer.from(text).toString("latin1"),
    ...(/^[\0-\xff]*$/.test(text) ? [Buffer.from(text, "latin1").toString()] : []),
    text.normalize("NFC"),
    text.normalize("NFD"),
    // Upper case can be longer, as that of ß.
    text.toUpperCase(),
  ];
}
