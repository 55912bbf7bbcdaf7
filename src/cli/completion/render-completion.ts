import type { OfferedOption, Place } from "./read-places.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A shell script that completes commands, options and their values without running the program. */
export function renderCompletion(shell: Shell, places: readonly Place[]): string {
  const render = { bash: renderBash, zsh: renderZsh, fish: renderFish }[shell];
  return render(places);
}

type OptionAt = { readonly place: Place; readonly option: OfferedOption };

function valueOptions(places: readonly Place[]): OptionAt[] {
  return places.flatMap((place) =>
    place.options.filter(({ takesValue }) => takesValue).map((option) => ({ place, option })),
  );
}

/** The patterns of a `case` that moves to the next place. */
function pathCases(places: readonly Place[]): string {
  return places
    .filter(({ path }) => path !== "")
    .map(({ path }) => path)
    .join(" | ");
}

function renderBash(places: readonly Place[]): string {
  const values = valueOptions(places).map(({ place, option }) => {
    const words = option.choices.join(" ");
    const offer = words === "" ? "" : `COMPREPLY=($(compgen -W "${words}" -- "$current")); `;
    return `    "${place.path} ${option.name}") ${offer}return ;;`;
  });
  const words = places.map(({ path, commands, options, values }) => {
    const names = [...commands.map(({ name }) => name), ...values, ...options.map(({ name }) => name)];
    return `    "${path}") words="${names.join(" ")}" ;;`;
  });
  return `# Completion of opensend in bash: eval "$(opensend completion bash)" in ~/.bashrc
_opensend() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} place="" words="" i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$place/\${COMP_WORDS[i]}" in
      ${pathCases(places)}) place="$place/\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$place $previous" in
${values.join("\n")}
  esac
  case "$place" in
${words.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _opensend opensend
`;
}

/** Avoids the name `path`, which in zsh is the search path of commands. */
function renderZsh(places: readonly Place[]): string {
  const values = valueOptions(places).map(({ place, option }) => {
    const offer = option.choices.length === 0 ? "_files" : `compadd -- ${option.choices.join(" ")}`;
    return `    ("${place.path} ${option.name}") ${offer}; return ;;`;
  });
  const entry = (name: string, description: string) =>
    `'${`${name}:${description.replaceAll(":", "\\:")}`.replaceAll("'", "'\\''")}'`;
  const offers = places.map(({ path, commands, options, values }) => {
    const entries = [
      ...commands.map(({ name, description }) => entry(name, description)),
      ...values.map((value) => entry(value, "")),
      ...options.map(({ name, description }) => entry(name, description)),
    ];
    return `    ("${path}") offers=(${entries.join(" ")}) ;;`;
  });
  return `#compdef opensend
# Completion of opensend in zsh: eval "$(opensend completion zsh)" in ~/.zshrc, after compinit
_opensend() {
  local place="" i
  local -a offers
  for ((i = 2; i < CURRENT; i++)); do
    case "$place/\${words[i]}" in
      (${pathCases(places)}) place="$place/\${words[i]}" ;;
    esac
  done
  case "$place \${words[CURRENT - 1]}" in
${values.join("\n")}
  esac
  case "$place" in
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

function renderFish(places: readonly Place[]): string {
  const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = places.flatMap(({ path, commands, options, values }) => {
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
  set -l place ""
  for word in (commandline -opc)[2..]
    switch "$place/$word"
      case ${pathCases(places).replaceAll(" | ", " ")}
        set place "$place/$word"
    end
  end
  test "$place" = "$argv[1]"
end
complete -c opensend -f
${lines.join("\n")}
`;
}
