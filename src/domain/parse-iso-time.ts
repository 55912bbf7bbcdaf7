const DATE = "(\\d{4}-(?:0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01]))";
const CLOCK = "(?:[01]\\d|2[0-3]):[0-5]\\d";
const SECONDS = "(?::[0-5]\\d(?:\\.\\d+)?)?";
const ISO_TIME = new RegExp(`^${DATE}T${CLOCK}${SECONDS}(?:Z|[+-]${CLOCK})$`);

/**
 * Epoch milliseconds of a point in time in ISO 8601 with its zone (`Z` or an offset such as `+02:00`); null when the
 * text is not one. Seconds can be left out; digits beyond milliseconds are cut off.
 */
export function parseIsoTime(text: string): number | null {
  const match = ISO_TIME.exec(text);
  if (match === null) return null;
  // `Date.parse` reads 30 February as 2 March. Every month has at least 28 days.
  const day = Number(match[2]);
  if (day > 28 && new Date(`${match[1]}T00:00Z`).getUTCDate() !== day) return null;
  return Date.parse(text);
}
