export type OptionGroup =
  | "server"
  | "database"
  | "sealing"
  | "sessions"
  | "outbound"
  | "mail"
  | "tracing"
  | "command line";

/** One environment variable with its parsing, default, masking and documentation. */
export type Option<T> = {
  readonly name: string;
  readonly group: OptionGroup;
  /**
   * Parses the text, which is cleaned and not blank. @throws {OptionError} that says what is expected, never the text
   * itself.
   */
  readonly parse: (text: string) => T;
  readonly fallback: T;
  /** The default as the documentation shows it. */
  readonly fallbackText: string;
  /**
   * For credentials: shown as set or not set, never by value, and read from the file that `<name>_FILE` names, if set.
   */
  readonly secret: boolean;
  /** For comma-separated items, each of which can be in quotation marks. */
  readonly isList?: boolean;
  readonly text: string;
  /**
   * Formats the value for the log; left out, it is shown unchanged. A method, so that options of all types are
   * assignable.
   */
  show?(value: T): string;
};
