import { OptionError } from "./option-error.ts";

const QUOTATION_MARKS = /^["'“”‘’]|["'“”‘’]$/;
const CONTROL_CHARACTER = /[\p{Cc}\u2028\u2029]/u;

/**
 * The value in a variable, a secret file or a line of an environment file, without surrounding white space and then
 * without surrounding quotation marks. White space inside the marks is kept.
 *
 * @throws {OptionError} for a lone quotation mark, which would become part of a key, and for more than one line.
 */
export function cleanValue(text: string, isList = false): string {
  const trimmed = text.trim();
  const quoted = unquote(trimmed);
  const value = quoted ?? (isList ? cleanItems(trimmed) : requireUnquoted(trimmed));
  if (CONTROL_CHARACTER.test(value)) {
    throw new OptionError("must be a single line without control characters");
  }
  return value;
}

/** Whether the text is enclosed in quotation marks that do not occur inside it. */
export function isQuoted(text: string): boolean {
  return unquote(text.trim()) !== null;
}

function unquote(text: string): string | null {
  return /^(["'])((?:(?!\1).)*)\1$/su.exec(text)?.[2] ?? null;
}

function cleanItems(text: string): string {
  return text
    .split(",")
    .map((item) => unquote(item.trim()) ?? requireUnquoted(item))
    .join(",");
}

function requireUnquoted(text: string): string {
  if (QUOTATION_MARKS.test(text.trim())) {
    throw new OptionError(
      "must not begin or end with a lone quotation mark: remove it, or enclose the whole value in quotation marks of the other kind",
    );
  }
  return text;
}
