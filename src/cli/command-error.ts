/** A reason a command ended without doing its work, ready to read: what happened and what to do. */
export class CommandError extends Error {
  override readonly name: string = "CommandError";
}

/** An argument that is not valid; the message names it and what it takes. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
