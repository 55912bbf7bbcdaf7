/**
 * Control characters and line breaks mean nothing in a line and are invisible in lists, and PostgreSQL cannot store
 * NUL.
 */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
/** Embeddings, overrides and isolates change the direction of the text around them (Unicode, UAX #9, section 2). */
const DIRECTION_CONTROL = /[\u202a-\u202e\u2066-\u2069]/;
/** Characters that are invisible on their own, including the blank braille pattern. */
const SHOWS_NOTHING = /^[\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/**
 * The fault in a line that a person writes for others to read, such as a name; null when there is none. Whether a line
 * can be empty is decided elsewhere.
 */
export function findLineFault(text: string): string | null {
  if (CONTROL.test(text)) return "Must not contain control characters or line breaks.";
  if (!text.isWellFormed()) return "Must be valid Unicode.";
  if (DIRECTION_CONTROL.test(text)) {
    return "Must not contain characters that change the direction of text (U+202A to U+202E, U+2066 to U+2069). Type it anew without them.";
  }
  if (text !== "" && SHOWS_NOTHING.test(text)) return "Must contain a visible character.";
  return null;
}
