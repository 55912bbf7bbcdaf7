/** Commands that call a server. They have a separate bundle without the server's code. A test checks this list. */
export const CLIENT_COMMANDS = ["events", "connections", "deliveries", "replay", "apply", "listen"];

/**
 * Whether the arguments name a command that calls a server.
 *
 * @param {readonly string[]} args
 */
export function isClientCommand(args) {
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? "";
    if (argument === "--env-file") index++;
    else if (!argument.startsWith("--env-file=")) return CLIENT_COMMANDS.includes(argument);
  }
  return false;
}
