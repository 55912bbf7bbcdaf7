/**
 * Characters that a spreadsheet takes for the start of a formula (OWASP, CSV injection): the four marks, and the
 * full-width and small forms that East Asian versions read as the same.
 */
const FORMULA_MARKS = "=+\\-@\\uff1d\\uff0b\\uff0d\\uff20\\ufe66\\ufe62\\ufe63\\ufe6b\\u2212";
/**
 * Characters that can precede a formula because they are invisible or because the import drops them, as it does quotes.
 */
const SKIPPED = '[\\s\\p{Cf}\\p{Default_Ignorable_Code_Point}"]*';

const FORMULA = new RegExp(`^(?:[\\t\\r\\n]|${SKIPPED}[${FORMULA_MARKS}])`, "u");
/** In many locales the separator is `;` or a tab, so a new cell begins after each of them, and after a line end. */
const FORMULA_BEHIND_SEPARATOR = new RegExp(`([;\\t\\r\\n]${SKIPPED})(?=[${FORMULA_MARKS}])`, "gu");
const NEEDS_QUOTES = /[",;\t\r\n]/;

/**
 * One record (RFC 4180) with its CRLF. Text that a spreadsheet would run as a formula is prefixed with an apostrophe.
 */
export function csvRecord(cells: readonly (string | null)[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell(value: string | null): string {
  if (value === null) return "";
  const inert = value.replaceAll(FORMULA_BEHIND_SEPARATOR, "$1'");
  const text = FORMULA.test(value) ? `'${inert}` : inert;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
