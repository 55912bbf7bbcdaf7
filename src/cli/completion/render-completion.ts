import type { CommandEntry, OfferedOption } from "./read-commands.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A shell script that completes commands, options and their values without running the program. */
export function renderCompletion(shell: Shell, entries: readonly CommandEntry[]): string {
  const render = { bash: renderBash, zsh: renderZsh, fish: renderFish }[shell];
  return render(entries);
}

type OptionAt = { readonly entry: CommandEntry; readonly option: OfferedOption };

function valueOptions(entries: readonly CommandEntry[]): OptionAt[] {
  return entries.flatMap((entry) =>
    entry.options.filter(({ takesValue }) => takesValue).map((option) => ({ entry, option })),
  );
}

/** The patterns of a `case` that moves on to a subcommand. */
function pathCases(entries: readonly CommandEntry[]): string {
  return entries
    .filter(({ path }) => path !== "")
    .map(({ path }) => path)
    .join(" | ");
}

function renderBash(entries: readonly CommandEntry[]): string {
  const values = valueOptions(entries).map(({ entry, option }) => {
    const words = option.choices.join(" ");
    const offer = words === "" ? "" : `COMPREPLY=($(compgen -W "${words}" -- "$current")); `;
    return `    "${entry.path} ${option.name}") ${offer}return ;;`;
  });
  const words = entries.map(({ path, commands, options, values }) => {
    const names = [...commands.map(({ name }) => name), ...values, ...options.map(({ name }) => name)];
    return `    "${path}") words="${names.join(" ")}" ;;`;
  });
  return `# Completion of opensend in bash: eval "$(opensend completion bash)" in ~/.bashrc
_opensend() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} cmd="" words="" i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$cmd/\${COMP_WORDS[i]}" in
      ${pathCases(entries)}) cmd="$cmd/\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$cmd $previous" in
${values.join("\n")}
  esac
  case "$cmd" in
${words.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _opensend opensend
`;
}

/** Avoids the name `path`, which in zsh is the search path of commands. */
function renderZsh(entries: readonly CommandEntry[]): string {
  const values = valueOptions(entries).map(({ entry, option }) => {
    const offer = option.choices.length === 0 ? "_files" : `compadd -- ${option.choices.join(" ")}`;
    return `    ("${entry.path} ${option.name}") ${offer}; return ;;`;
  });
  const candidate = (name: string, description: string) =>
    `'${`${name}:${description.replaceAll(":", "\\:")}`.replaceAll("'", "'\\''")}'`;
  const offers = entries.map(({ path, commands, options, values }) => {
    const candidates = [
      ...commands.map(({ name, description }) => candidate(name, description)),
      ...values.map((value) => candidate(value, "")),
      ...options.map(({ name, description }) => candidate(name, description)),
    ];
    return `    ("${path}") offers=(${candidates.join(" ")}) ;;`;
  });
  return `#compdef opensend
# Completion of opensend in zsh: eval "$(opensend completion zsh)" in ~/.zshrc, after compinit
_opensend() {
  local cmd="" i
  local -a offers
  for ((i = 2; i < CURRENT; i++)); do
    case "$cmd/\${words[i]}" in
      (${pathCases(entries)}) cmd="$cmd/\${words[i]}" ;;
    esac
  done
  case "$cmd \${words[CURRENT - 1]}" in
${values.join("\n")}
  esac
  case "$cmd" in
${offers.join("\n")}
  esac
  _describe opensend offers || _files
}
if [ "$funcstack[1]" = "_opensend" ]; then
  _opensend "$@"
else
  compdef _opensend opensend
fi
`;
}

function renderFish(entries: readonly CommandEntry[]): string {
  const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = entries.flatMap(({ path, commands, options, values }) => {
    const at = `complete -c opensend -n ${quote(`__opensend_at "${path}"`)}`;
    return [
      ...commands.map(({ name, description }) => `${at} -a ${name} -d ${quote(description)}`),
      ...values.map((value) => `${at} -a ${value}`),
      ...options.map(({ name, description, takesValue, choices }) => {
        const given = choices.length === 0 ? "-r -F" : `-x -a ${quote(choices.join(" "))}`;
        return `${at} -l ${name.slice(2)}${takesValue ? ` ${given}` : ""} -d ${quote(description)}`;
      }),
    ];
  });
  return `# Completion of opensend in fish: opensend completion fish > ~/.config/fish/completions/opensend.fish
function __opensend_at
  set -l cmd ""
  for word in (commandline -opc)[2..]
    switch "$cmd/$word"
      case ${pathCases(entries).replaceAll(" | ", " ")}
        set cmd "$cmd/$word"
    end
  end
  test "$cmd" = "$argv[1]"
end
complete -c opensend -f
${lines.join("\n")}
`;
}
