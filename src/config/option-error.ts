/** What is wrong with a value: the message follows the variable's name, and never holds the value. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}
