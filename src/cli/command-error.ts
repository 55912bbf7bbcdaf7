/** Ends a command without a result; the message for people says what happened and what to do. */
export class CommandError extends Error {
  override readonly name: string = "CommandError";
}

/** An invalid argument; the message names it and the accepted values. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
