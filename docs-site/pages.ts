import { globSync } from "node:fs";
import { basename } from "node:path";

export type PageSource = {
  /** Markdown file, relative to the project. */
  readonly source: string;
  /** Path below the root of the site; empty for its home page. */
  readonly path: string;
  /** Name in the sidebar; null for pages that another page lists. */
  readonly label: string | null;
};

type Section = { readonly title: string; readonly pages: readonly PageSource[] };

/** The sidebar without the API reference, in its order. */
export const SECTIONS: readonly Section[] = [
  {
    title: "Start",
    pages: [
      page("docs/README.md", "", "Overview"),
      page("README.md", "quickstart", "Quickstart"),
      page("docs/integrations.md", "integrations", "Integrations"),
      page("docs/verifying.md", "verifying", "Verifying signatures"),
      page("examples/README.md", "receivers", "Receivers"),
      page("docs/sdks.md", "sdks", "SDKs"),
      page("clients/typescript/README.md", "sdks/typescript", "TypeScript"),
      page("clients/python/README.md", "sdks/python", "Python"),
      page("clients/go/README.md", "sdks/go", "Go"),
      page("docs/outbox.md", "outbox", "Outbox"),
      page("examples/outbox/README.md", "outbox/recipe", "Outbox recipe"),
      page("docs/dashboard.md", "dashboard", "Dashboard"),
      page("docs/stream.md", "stream", "Stream"),
    ],
  },
  {
    title: "Operate",
    pages: [
      page("docs/alerts.md", "alerts", "Alerts"),
      page("docs/self-hosting.md", "self-hosting", "Self-hosting"),
      page("docs/configuration.md", "configuration", "Configuration"),
      page("docs/cli.md", "cli", "Command line"),
      page("docs/security.md", "security", "Security"),
      page("docs/reliability.md", "reliability", "Reliability"),
      page("docs/performance.md", "performance", "Performance"),
    ],
  },
  {
    title: "Project",
    pages: [
      page("ARCHITECTURE.md", "architecture", "Architecture"),
      page("CONTRIBUTING.md", "contributing", "Contributing"),
      page("CHANGELOG.md", "changelog", "Changelog"),
    ],
  },
];

export const ERROR_INDEX = page("docs/errors/README.md", "errors", "Errors");

/** Every page that is written in Markdown. */
export function listPages(projectDir: string): PageSource[] {
  return [
    ...SECTIONS.flatMap(({ pages }) => pages),
    ERROR_INDEX,
    ...listFolder(projectDir, "errors"),
    ...listFolder(projectDir, "decisions"),
  ];
}

function listFolder(projectDir: string, folder: string): PageSource[] {
  return globSync(`docs/${folder}/*.md`, { cwd: projectDir })
    .filter((source) => basename(source) !== "README.md")
    .sort()
    .map((source) => page(source, `${folder}/${basename(source, ".md")}`, null));
}

function page(source: string, path: string, label: string | null): PageSource {
  return { source, path, label };
}
