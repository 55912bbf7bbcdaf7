/** Limits on the external ids and metadata that callers give connections. */
export const EXTERNAL_ID_LENGTH_MAX = 255;
/** Reads the same in a path and in a query, escaped or not. */
export const EXTERNAL_ID = /^[A-Za-z0-9_][A-Za-z0-9._:~-]*$/;

export const METADATA_PAIRS_MAX = 20;
/** No brackets, which would end a name in `metadata[name]=value`. */
export const METADATA_NAME = /^[A-Za-z0-9_.-]{1,40}$/;
export const METADATA_VALUE_LENGTH_MAX = 500;
