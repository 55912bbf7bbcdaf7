/** How a header is entered; a stored one is known by its name alone. */
export type HeaderKind = "stored" | "header" | "basic" | "bearer";

export type HeaderDraft = {
  kind: HeaderKind;
  name: string;
  /** User name of Basic authentication. */
  user: string;
  /** Value, password or token; empty leaves a stored header as it is. */
  value: string;
  isRemoved: boolean;
};

export const NEW_HEADER: HeaderDraft = { kind: "header", name: "", user: "", value: "", isRemoved: false };
