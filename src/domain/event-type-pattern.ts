const WORD = "[A-Za-z0-9_-]+";
/** `*`, an exact type (`order.paid`) or a prefix wildcard (`order.*`). */
const PATTERN = `(?:\\*|${WORD}(?:\\.${WORD})*(?:\\.\\*)?)`;
export const EVENT_TYPE_PATTERN = new RegExp(`^${PATTERN}$`);
/** One or more patterns, separated by commas. */
export const EVENT_TYPE_PATTERNS = new RegExp(`^${PATTERN}(?:,${PATTERN})*$`);

export const EVENT_TYPE_LENGTH_MAX = 255;
