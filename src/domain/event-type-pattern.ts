const WORD = "[A-Za-z0-9_-]+";
/** `*`, an exact type (`order.paid`) or a prefix wildcard (`order.*`). */
export const EVENT_TYPE_PATTERN = new RegExp(`^(?:\\*|${WORD}(?:\\.${WORD})*(?:\\.\\*)?)$`);

export const EVENT_TYPE_LENGTH_MAX = 255;
