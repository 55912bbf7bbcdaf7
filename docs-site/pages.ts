import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

export type PageSource = {
  /** Markdown file, relative to the project. */
  readonly source: string;
  /** Path relative to the site's root; empty for the home page. */
  readonly path: string;
  /** Name in the sidebar; null for pages that another page lists. */
  readonly label: string | null;
};

type Section = { readonly title: string; readonly pages: readonly PageSource[] };

const START: Section = {
  title: "Start",
  pages: [
    page("docs/README.md", "", "Overview"),
    page("README.md", "introduction", "Introduction"),
    page("docs/quickstart.md", "quickstart", "Quickstart"),
    page("docs/concepts.md", "concepts", "Concepts"),
  ],
};

const USE: Section = {
  title: "Use",
  pages: [
    page("docs/integrations.md", "integrations", "Integrations"),
    page("docs/events.md", "events", "Events"),
    page("docs/deliveries.md", "deliveries", "Deliveries"),
    page("docs/attempts.md", "attempts", "Attempts"),
    page("docs/replays.md", "replays", "Replays"),
    page("docs/idempotency.md", "idempotency", "Idempotency"),
    page("docs/verifying.md", "verifying", "Verifying signatures"),
    page("examples/README.md", "receivers", "Receivers"),
    page("docs/sdks.md", "sdks", "SDKs"),
    page("clients/typescript/README.md", "sdks/typescript", "TypeScript"),
    page("clients/python/README.md", "sdks/python", "Python"),
    page("clients/go/README.md", "sdks/go", "Go"),
    page("docs/outbox.md", "outbox", "Outbox"),
    page("examples/outbox/README.md", "outbox/recipe", "Outbox recipe"),
    page("docs/inspector.md", "inspector", "Inspector"),
    page("docs/issues.md", "issues", "Issues"),
    page("docs/statistics.md", "statistics", "Statistics"),
    page("docs/stream.md", "stream", "Stream"),
    page("docs/dashboard.md", "dashboard", "Dashboard"),
  ],
};

const OPERATE: Section = {
  title: "Operate",
  pages: [
    page("docs/self-hosting.md", "self-hosting", "Self-hosting"),
    page("docs/containers.md", "containers", "Containers"),
    page("docs/configuration.md", "configuration", "Configuration"),
    page("docs/cli.md", "cli", "Command line"),
    page("docs/postgresql.md", "postgresql", "PostgreSQL"),
    page("docs/backup.md", "backup", "Backup and restore"),
    page("docs/litestream.md", "litestream", "Continuous copies of SQLite"),
    page("docs/upgrading.md", "upgrading", "Upgrading"),
    page("docs/retention.md", "retention", "Retention"),
    page("docs/monitoring.md", "monitoring", "Monitoring"),
    page("docs/traces.md", "traces", "Traces"),
    page("docs/alerts.md", "alerts", "Alerts"),
    page("docs/security.md", "security", "Security"),
    page("docs/reliability.md", "reliability", "Reliability"),
    page("docs/performance.md", "performance", "Performance"),
  ],
};

const PROJECT: Section = {
  title: "Project",
  pages: [
    page("docs/comparison.md", "comparison", "Comparison"),
    page("ARCHITECTURE.md", "architecture", "Architecture"),
    page("CONTRIBUTING.md", "contributing", "Contributing"),
    page("docs/releasing.md", "releasing", "Releasing"),
    page("CHANGELOG.md", "changelog", "Changelog"),
  ],
};

export const ERROR_INDEX = page("docs/errors/README.md", "errors", "Errors");

/** The most wanted guides, in this order; all others follow by name. */
const FIRST_GUIDES = ["own-endpoint", "zapier", "n8n", "make"];

/** Old anchors of sections that moved to another page. Links to them exist in mails, logs and bookmarks. */
export const MOVED_SECTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  integrations: {
    "test-result": "attempts#test-result",
    "response-bodies": "attempts#response-bodies",
    "kept-connections": "attempts#kept-connections",
    timings: "attempts#timings",
    errors: "attempts#errors",
    events: "events",
    "erasing-a-payload": "events#erasing-a-payload",
    "opensends-own-events": "events#opensends-own-events",
    "comparing-with-the-last-success": "deliveries#comparing-with-the-last-success",
    filters: "deliveries#filters",
    "many-deliveries-at-a-time": "deliveries#many-deliveries-at-a-time",
    statistics: "statistics",
    issues: "issues",
    replay: "replays",
    idempotency: "idempotency",
    "the-built-in-inspector": "inspector",
  },
  "self-hosting": {
    postgresql: "postgresql",
    "connection-poolers": "postgresql#connection-poolers",
    "autovacuum-on-postgresql": "postgresql#autovacuum-on-postgresql",
    backup: "backup",
    restore: "backup#restore",
    retention: "retention",
    "the-sqlite-file": "retention#the-sqlite-file",
    upgrade: "upgrading",
    health: "monitoring#health",
    log: "monitoring#log",
    metrics: "monitoring#metrics",
  },
};

/** The sidebar in order, without the API reference. */
export function listSections(projectDir: string): Section[] {
  return [START, USE, { title: "Guides", pages: listGuides(projectDir) }, OPERATE, PROJECT];
}

/** Every page written in Markdown. */
export function listPages(projectDir: string): PageSource[] {
  return [
    ...listSections(projectDir).flatMap(({ pages }) => pages),
    ERROR_INDEX,
    ...listPackages(projectDir),
    ...listFolder(projectDir, "errors"),
    ...listFolder(projectDir, "decisions"),
  ];
}

function listGuides(projectDir: string): PageSource[] {
  const rank = ({ path }: PageSource) => {
    const index = FIRST_GUIDES.indexOf(basename(path));
    return index === -1 ? FIRST_GUIDES.length : index;
  };
  return listFolder(projectDir, "guides")
    .map((guide) => ({ ...guide, label: titleOf(join(projectDir, guide.source)) }))
    .sort((one, other) => rank(one) - rank(other));
}

/** Packages for tools, each with its own README. */
function listPackages(projectDir: string): PageSource[] {
  return globSync("integrations/*/README.md", { cwd: projectDir })
    .sort()
    .map((source) => page(source, `packages/${basename(dirname(source))}`, null));
}

function titleOf(path: string): string {
  return /^# (.+)$/m.exec(readFileSync(path, "utf8"))?.[1] ?? basename(path, ".md");
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
