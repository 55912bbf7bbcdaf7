import type { OptionGroup } from "../src/config/option.ts";
import { OPTIONS } from "../src/config/options.ts";

const GROUPS: Record<OptionGroup, string> = {
  server: "Server",
  database: "Database",
  sealing: "Sealing of credentials",
  sessions: "Sessions",
  outbound: "Outbound requests",
  mail: "Mail",
  tracing: "Traces",
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

OpenSend is configured with environment variables, which are read at startup. Invalid values are reported together, by name and never by value. This page is generated from the table in \`src/config/options.ts\`.

## Values

The same rules apply to every variable, file and line:

- White space and line breaks around a value are removed, then the quotation marks around it (\`"\` or \`'\`). White space inside the quotation marks is kept.
- A value is one line. A value with a single quotation mark at one end, or with control characters, is rejected, because it would silently become a different key or password. Put a value that begins or ends with a quotation mark into quotation marks of the other kind.
- In lists, each item may have its own quotation marks.
- An empty value counts as not set.

**Files for secrets.** Each variable marked *Secret* may be read from a file: set the path in the variable with
\`_FILE\` appended, such as \`DATABASE_URL_FILE=/run/secrets/database-url\`. Setting both is an error, and so is an empty file.

**Environment files.** In development, variables that are not set are read from \`.env\` in the working folder; with
\`NODE_ENV=production\` in the environment that file is ignored. \`--env-file <file>\` names another file, for every command, also in production. Its variables take precedence over the environment, and \`.env\` is not read. Each line is \`NAME=VALUE\`, as in a systemd \`EnvironmentFile\`: the value is everything after the equals sign, nothing is expanded, and comments are on lines of their own.

${sections.join("\n\n")}
`;
}
