export type OptionGroup =
  | "server"
  | "database"
  | "sealing"
  | "sessions"
  | "outbound"
  | "mail"
  | "tracing"
  | "command line";

/** One environment variable. The row gives parsing, default, masking and documentation. */
export type Option<T> = {
  readonly name: string;
  readonly group: OptionGroup;
  /** Turns the text, cleaned and not blank, into the value. @throws {OptionError} with what is expected; never with the text itself. */
  readonly parse: (text: string) => T;
  readonly fallback: T;
  /** How the default reads in the documentation. */
  readonly fallbackText: string;
  /** Credentials: shown as set or not set, never by value, and read from the file that `<name>_FILE` names, if set. */
  readonly secret: boolean;
  /** Of items with commas between, each of which may have quotation marks. */
  readonly isList?: boolean;
  readonly text: string;
  /** How the log shows the value; left out, as it is. Declared as a method, so that rows of all types fit. */
  show?(value: T): string;
};
