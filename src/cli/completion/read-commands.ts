import type { Command, Option } from "commander";

export type OfferedOption = {
  readonly name: string;
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
};

/** The words that can follow a command, which is named by its path, such as `/events/send`. */
export type CommandEntry = {
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OfferedOption[];
  /** Values of the first argument, if only certain values are valid. */
  readonly values: readonly string[];
};

/** Every command of a program, with its subcommands and options. */
export function readCommands(program: Command): CommandEntry[] {
  return entriesOf(program, "");
}

function entriesOf(command: Command, path: string): CommandEntry[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  const entry: CommandEntry = {
    path,
    commands: commands.map((child) => ({ name: child.name(), description: summaryOf(child.description()) })),
    options: help.visibleOptions(command).flatMap(offer),
    values: command.registeredArguments[0]?.argChoices ?? [],
  };
  // The `help` command of a group gets no entry.
  return [entry, ...command.commands.flatMap((child) => entriesOf(child, `${path}/${child.name()}`))];
}

function offer({ long, description, required, optional, argChoices }: Option): OfferedOption[] {
  if (!long) return [];
  const text = summaryOf(description);
  return [{ name: long, description: text, takesValue: required || optional, choices: argChoices ?? [] }];
}

/** The first sentence, since shells show one short line. */
function summaryOf(description: string): string {
  return /^.*?[.:](?= |$)/.exec(description)?.[0].replace(/[.:]$/, "") ?? description;
}
