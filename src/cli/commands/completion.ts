import { Argument, type Command } from "commander";
import { readCommands } from "../completion/read-commands.ts";
import { renderCompletion, SHELLS, type Shell } from "../completion/render-completion.ts";
import { print } from "../print.ts";

const HELP = `
  bash  eval "$(opensend completion bash)"      in ~/.bashrc
  zsh   eval "$(opensend completion zsh)"       in ~/.zshrc, after compinit
  fish  opensend completion fish > ~/.config/fish/completions/opensend.fish`;

export function addCompletion(program: Command): void {
  program
    .command("completion")
    .description("Print a script that completes commands and options in your shell.")
    .addArgument(new Argument("<shell>", "your shell").choices(SHELLS))
    .addHelpText("after", HELP)
    .action((shell: Shell) => print(renderCompletion(shell, readCommands(program)).trimEnd()));
}
