import { OPTIONS, type OptionGroup } from "../src/config/options.ts";

const GROUPS: Record<OptionGroup, string> = {
  server: "Server",
  database: "Database",
  sealing: "Sealing of credentials",
  sessions: "Sessions",
  outbound: "Outbound requests",
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
and never by value. An empty value counts as not set. This page is generated from the table in
\`src/config/options.ts\`.

${sections.join("\n\n")}
`;
}
