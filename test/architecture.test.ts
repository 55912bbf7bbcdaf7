import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { describe, it } from "node:test";
import { longFunctions } from "./architecture/long-functions.ts";
import { type Import, readImports } from "./architecture/read-imports.ts";
import {
  circularImports,
  describeImport,
  folderOf,
  isTest,
  unresolvedImports,
  upwardImports,
} from "./architecture/source-rules.ts";
import { wideTypes } from "./architecture/wide-types.ts";

/**
 * The floors of the sources (ARCHITECTURE.md): a file imports only from floors below its own, and within its floor only
 * from its own folder. Imports are checked by the files they resolve to.
 */
const FLOORS: Readonly<Record<string, number>> = {
  domain: 0,
  "version.ts": 0,
  config: 1,
  crypto: 1,
  db: 1,
  "http-client": 1,
  connectors: 2,
  idempotency: 2,
  mail: 2,
  statistics: 2,
  audit: 3,
  auth: 3,
  connections: 3,
  history: 3,
  ingest: 3,
  inspector: 3,
  metrics: 3,
  dispatch: 4,
  replays: 4,
  retention: 4,
  alerts: 5,
  realtime: 5,
  telemetry: 5,
  composition: 6,
  http: 6,
  cli: 7,
  "app.ts": 7,
};
const ROOT = "app.ts";

type Rule = {
  readonly what: string;
  readonly text?: RegExp;
  readonly modules?: RegExp;
  /** Folders, with a slash at the end, and files. */
  readonly onlyIn?: readonly string[];
  readonly neverIn?: readonly string[];
};

/** Patterns that files must not contain, and packages and Node modules they must not import. */
const RULES: readonly Rule[] = [
  { what: "only config/ reads the environment", text: /process\.env/, onlyIn: ["src/config/"] },
  {
    what: "only http-client/ reaches the network, and the command line calls a server",
    text: /\bfetch\(/,
    modules: /^(?:undici|https|http2|tls|dns|dns\/promises|dgram)$/,
    onlyIn: ["src/http-client/", "src/cli/local-client.ts", "src/cli/client/"],
  },
  {
    what: "timers run only in http-client/, realtime/, the command line's client and listed files",
    text: /\bset(?:Timeout|Interval)\(/,
    modules: /^timers/,
    onlyIn: [
      "src/http-client/",
      "src/realtime/",
      "src/dispatch/worker.ts",
      "src/dispatch/timers.ts",
      "src/dispatch/recorder.ts",
      "src/dispatch/dispatcher.ts",
      "src/db/commit-pacer.ts",
      "src/db/write-queue.ts",
      "src/db/turns.ts",
      "src/db/in-slices.ts",
      "src/dispatch/worker-registry.ts",
      "src/composition/readiness.ts",
      "src/db/sqlite/presence.ts",
      "src/retention/retention.ts",
      "src/db/postgres/listen-connection.ts",
      "src/db/postgres/receives-notify.ts",
      "src/http/built-files.ts",
      "src/http/streams.ts",
      "src/http/refusal-delay.ts",
      "src/http/client-errors.ts",
      "src/http/long-bodies.ts",
      "src/http/read-body.ts",
      "src/cli/client/",
    ],
  },
  {
    what: "domain/ uses no clock and no randomness",
    text: /Date\.now\(\)|Math\.random\(\)/,
    neverIn: ["src/domain/"],
  },
  {
    what: "domain/ and connectors/ do no I/O",
    modules:
      /^(?:fs|net|https?|http2|tls|dgram|dns|child_process|worker_threads|sqlite|kysely|pg|fastify|pino|undici)\b/,
    neverIn: ["src/domain/", "src/connectors/"],
  },
  { what: "only mail/ sends mail", modules: /^nodemailer$/, onlyIn: ["src/mail/"] },
  {
    what: "telemetry/ is loaded only by import(), when traces are on",
    text: /^import (?!type )[^;]*\/telemetry\//m,
    neverIn: ["src/"],
  },
  {
    what: "only telemetry/ exports traces",
    modules: /^@opentelemetry\//,
    onlyIn: ["src/telemetry/"],
  },
  { what: "only http/ uses Fastify", modules: /^@?fastify\b/, onlyIn: ["src/http/"] },
  {
    what: "only the command line prints",
    text: /console\.(?:log|error|warn|info)\(/,
    onlyIn: ["src/cli/"],
  },
  {
    what: "standard output is written by print.ts, which fails when output is lost",
    text: /console\.(?:log|info)\(|process\.stdout\.write/,
    neverIn: ["src/"],
  },
  { what: "there are no default exports", text: /^export default/m, neverIn: ["src/"] },
  {
    what: "modules are loaded with import, not require()",
    text: /\brequire\(/,
    modules: /^module$/,
    neverIn: ["src/"],
  },
];

const PROJECT_DIR = join(import.meta.dirname, "..");
const SOURCE_LINES_MAX = 300;
const FUNCTION_LINES_MAX = 60;
const MEMBERS_MAX = 7;

const isIn = (paths: readonly string[]) => (path: string) =>
  paths.some((allowed) => (allowed.endsWith("/") ? path.startsWith(allowed) : path === allowed));
const textOf = (path: string) => readFileSync(join(PROJECT_DIR, path), "utf8");
const filesIn = (pattern: string) => globSync(pattern, { cwd: PROJECT_DIR }).sort();
const leadsTo = (paths: readonly string[]) => {
  const isThere = isIn(paths);
  return ({ to }: Import) => to.kind === "file" && isThere(to.path);
};

const sources = filesIn("src/**/*.{ts,mts,cts,tsx,js,mjs,cjs}").filter((path) => !isTest(path));
const imports = readImports(PROJECT_DIR, sources);
const pages = filesIn("dashboard/src/**/*.{ts,tsx}").filter((path) => !isTest(path));
const pageImports = readImports(PROJECT_DIR, pages);

describe("the sources", () => {
  it("are found by this test", () => {
    assert.ok(sources.length > 100);
    assert.ok(imports.filter(leadsTo(["src/"])).length > 300);
  });

  it("have no folder without a floor", () => {
    assert.deepEqual(
      [...new Set(sources.map(folderOf))].filter((folder) => FLOORS[folder] === undefined),
      [],
    );
  });

  it("import only from lower floors and their own folder", () => {
    assert.deepEqual(upwardImports(imports, FLOORS, ROOT), []);
  });

  it("have no import that cannot be resolved", () => {
    assert.deepEqual(unresolvedImports([...imports, ...pageImports]), []);
  });

  it("share only domain/ with the dashboard", () => {
    const isForPages = leadsTo(["dashboard/src/", "src/domain/", "examples/", "integrations/n8n-workflow/"]);
    const isNode = ({ to }: Import) => to.kind === "module" && isBuiltin(to.name);
    const crossing = pageImports.filter((one) => (one.to.kind === "file" && !isForPages(one)) || isNode(one));
    assert.deepEqual(crossing.map(describeImport), []);
  });

  it("have no circular imports", () => {
    assert.deepEqual(circularImports([...imports, ...pageImports]), []);
  });

  for (const { what, text, modules, onlyIn, neverIn } of RULES) {
    it(`follow the rule: ${what}`, () => {
      const isAllowed = onlyIn === undefined ? (path: string) => !isIn(neverIn ?? [])(path) : isIn(onlyIn);
      const containing = sources.filter((path) => text?.test(textOf(path)));
      const importing = imports.filter(({ to }) => to.kind === "module" && modules?.test(to.name));
      const offenders = [...containing, ...importing.map(({ from }) => from)];
      assert.deepEqual(
        offenders.filter((path) => !isAllowed(path)),
        [],
      );
    });
  }

  it("include every file and folder that a rule names", () => {
    const named = RULES.flatMap(({ onlyIn = [], neverIn = [] }) => [...onlyIn, ...neverIn]);
    assert.deepEqual(
      [...named, ...Object.keys(FLOORS).map((folder) => `src/${folder}`)].filter(
        (path) => !existsSync(join(PROJECT_DIR, path)),
      ),
      [],
    );
  });

  it("have no function longer than the limit", () => {
    assert.deepEqual(longFunctions(PROJECT_DIR, sources, FUNCTION_LINES_MAX), []);
  });

  it("have no dependency type with too many members", () => {
    assert.deepEqual(wideTypes(PROJECT_DIR, sources, MEMBERS_MAX), []);
  });

  it("have no file with a vague name or longer than the limit", () => {
    const vague = sources.filter((path) =>
      /(^|\/)(utils?|helpers?|common|lib|service|manager)(\.ts$|\/)/.test(path),
    );
    assert.deepEqual(vague, []);
    const long = sources.filter((path) => textOf(path).split("\n").length > SOURCE_LINES_MAX);
    assert.deepEqual(long, []);
  });
});
