/** An invalid value. The message continues after the variable's name, and never contains the value. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}
