/** How a header is entered. The value of a stored header is unknown; only its name is. */
export type HeaderKind = "stored" | "header" | "basic" | "bearer";

export type HeaderDraft = {
  kind: HeaderKind;
  name: string;
  /** The user name for Basic authentication. */
  user: string;
  /** The value, password or token; empty leaves a stored header unchanged. */
  value: string;
  isRemoved: boolean;
};

export const NEW_HEADER: HeaderDraft = { kind: "header", name: "", user: "", value: "", isRemoved: false };
