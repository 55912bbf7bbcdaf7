/** Control characters and line ends say nothing in a line, hide in lists, and cannot be stored by PostgreSQL (NUL). */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
/** Embeddings, overrides and isolates: they turn around what is shown beside them (Unicode, UAX #9, section 2). */
const DIRECTION_CONTROL = /[\u202a-\u202e\u2066-\u2069]/;
/** All that shows nothing by itself, the blank pattern of braille included. */
const SHOWS_NOTHING = /^[\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/**
 * What is wrong with a line that a person writes for others to read, such as a name; null when nothing is. An empty
 * one is not judged here: whether it may be left empty is another question.
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
