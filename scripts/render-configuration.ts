import { OPTIONS, type OptionGroup } from "../src/config/options.ts";

const GROUPS: Record<OptionGroup, string> = {
  server: "Server",
  database: "Database",
  sealing: "Sealing of credentials",
  sessions: "Sessions",
  outbound: "Outbound requests",
  mail: "Mail",
  "command line": "Command line",
};

/** docs/configuration.md, from the table of options. */
export function renderConfiguration(): string {
  const sections = Object.entries(GROUPS).map(([group, title]) => {
    const rows = Object.values(OPTIONS)
      .filter((option) => option.group === group)
      .map(
        (option) =>
          `| \`${option.name}\` | ${option.fallbackText} | ${option.text}${option.secret ? " Secret." : ""} |`,
      );
    return [`## ${title}`, "", "| variable | default | meaning |", "|---|---|---|", ...rows].join("\n");
  });
  return `# Configuration

Everything is set by environment variables. All are read at start; values that are wrong are reported together, by name
and never by value. This page is generated from the table in \`src/config/options.ts\`.

## Values

One rule holds for every variable, file and line:

- White space and line breaks around a value are dropped, then the quotation marks around it (\`"\` or \`'\`). White space
  within the marks stays.
- A value is one line. One with a lone quotation mark at an end, or with control characters, is refused: it would silently
  be another key or password. A value that itself begins or ends with a mark goes into marks of the other kind.
- In lists each item may have marks of its own.
- An empty value counts as not set.

**Files for secrets.** Each variable marked *Secret* may be read from a file: put its path into the variable's name with
\`_FILE\` behind it, such as \`DATABASE_URL_FILE=/run/secrets/database-url\`. Setting both is refused, and so is an empty file.

**Environment files.** For development, variables that are not set are read from \`.env\` in the working folder; with
\`NODE_ENV=production\` in the environment that file is ignored. \`--env-file <file>\` names another file, for every command, in
production too. Its variables come before those of the environment, and \`.env\` is not read. A line is \`NAME=VALUE\`, read as
systemd reads an \`EnvironmentFile\`: the value is the whole rest of the line, nothing is expanded, and comments have lines of
their own.

${sections.join("\n\n")}
`;
}
