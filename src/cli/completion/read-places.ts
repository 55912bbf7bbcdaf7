import type { Command, Option } from "commander";

export type OfferedOption = {
  readonly name: string;
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
};

/** The completions at a place on the command line, after the commands of its path, such as `/events/send`. */
export type Place = {
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OfferedOption[];
  /** Values of the first argument, if only certain values are valid. */
  readonly values: readonly string[];
};

/** Every place of a program, from its commands and options. */
export function readPlaces(program: Command): Place[] {
  return placesOf(program, "");
}

function placesOf(command: Command, path: string): Place[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  const own: Place = {
    path,
    commands: commands.map((child) => ({ name: child.name(), description: summaryOf(child.description()) })),
    options: help.visibleOptions(command).flatMap(offer),
    values: command.registeredArguments[0]?.argChoices ?? [],
  };
  // The `help` command of a group gets no place.
  return [own, ...command.commands.flatMap((child) => placesOf(child, `${path}/${child.name()}`))];
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
