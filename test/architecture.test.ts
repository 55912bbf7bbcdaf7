import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { describe, it } from "node:test";
import { longFunctions } from "./architecture/long-functions.ts";
import { type Import, readImports } from "./architecture/read-imports.ts";
import { circles, climbing, described, isTest, roomOf, untraceable } from "./architecture/source-rules.ts";
import { wideTypes } from "./architecture/wide-types.ts";

/**
 * The floors of the sources (ARCHITECTURE.md): a file imports only from floors below its own, and within its floor only
 * from its own folder. Imports are judged by the files they lead to.
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

/** What a file may not contain, or import from packages and from Node. */
const RULES: readonly Rule[] = [
  { what: "the environment is read in config/", text: /process\.env/, onlyIn: ["src/config/"] },
  {
    what: "the network is reached through egress/; the command line may call a server",
    text: /\bfetch\(/,
    modules: /^(?:undici|https|http2|tls|dns|dns\/promises|dgram)$/,
    onlyIn: ["src/http-client/", "src/cli/local-client.ts", "src/cli/client/"],
  },
  {
    what: "timers run in the worker, where commits and starts wait, where the database has a deadline, in retention, in egress/, where processes and streams learn of changes, where requests are held back, where a refused connection lingers, and where the command line waits for a server",
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
      "src/db/postgres/hears-notify.ts",
      "src/http/streams.ts",
      "src/http/refusal-delay.ts",
      "src/http/client-errors.ts",
      "src/http/long-bodies.ts",
      "src/http/read-body.ts",
      "src/cli/client/",
    ],
  },
  {
    what: "core reads no clock and no chance",
    text: /Date\.now\(\)|Math\.random\(\)/,
    neverIn: ["src/domain/"],
  },
  {
    what: "core and connectors do no input or output",
    modules:
      /^(?:fs|net|https?|http2|tls|dgram|dns|child_process|worker_threads|sqlite|kysely|pg|fastify|pino|undici)\b/,
    neverIn: ["src/domain/", "src/connectors/"],
  },
  { what: "mail is sent in mail/", modules: /^nodemailer$/, onlyIn: ["src/mail/"] },
  {
    what: "telemetry/ is loaded only where traces are on: by a call of import()",
    text: /^import (?!type )[^;]*\/telemetry\//m,
    neverIn: ["src/"],
  },
  {
    what: "traces are exported in telemetry/, which is loaded only where they are",
    modules: /^@opentelemetry\//,
    onlyIn: ["src/telemetry/"],
  },
  { what: "HTTP stays in api/", modules: /^@?fastify\b/, onlyIn: ["src/http/"] },
  {
    what: "only the command line prints",
    text: /console\.(?:log|error|warn|info)\(/,
    onlyIn: ["src/cli/"],
  },
  {
    what: "what is printed to standard output fails when it is lost: print.ts, not the console",
    text: /console\.(?:log|info)\(|process\.stdout\.write/,
    neverIn: ["src/"],
  },
  { what: "there are no default exports", text: /^export default/m, neverIn: ["src/"] },
  { what: "imports are written as imports", text: /\brequire\(/, modules: /^module$/, neverIn: ["src/"] },
];

const PROJECT_DIR = join(import.meta.dirname, "..");
const SOURCE_LINES_MAX = 300;
const FUNCTION_LINES_MAX = 60;
const MEMBERS_MAX = 7;

const isIn = (places: readonly string[]) => (path: string) =>
  places.some((place) => (place.endsWith("/") ? path.startsWith(place) : path === place));
const textOf = (path: string) => readFileSync(join(PROJECT_DIR, path), "utf8");
const filesIn = (pattern: string) => globSync(pattern, { cwd: PROJECT_DIR }).sort();
const leadsTo = (places: readonly string[]) => {
  const isThere = isIn(places);
  return ({ to }: Import) => to.kind === "file" && isThere(to.path);
};

const sources = filesIn("src/**/*.{ts,mts,cts,tsx,js,mjs,cjs}").filter((path) => !isTest(path));
const imports = readImports(PROJECT_DIR, sources);
const pages = filesIn("dashboard/src/**/*.{ts,tsx}").filter((path) => !isTest(path));
const pageImports = readImports(PROJECT_DIR, pages);

describe("the sources", () => {
  it("are really looked at", () => {
    assert.ok(sources.length > 100);
    assert.ok(imports.filter(leadsTo(["src/"])).length > 300);
  });

  it("have no folder without a floor", () => {
    assert.deepEqual(
      [...new Set(sources.map(roomOf))].filter((room) => FLOORS[room] === undefined),
      [],
    );
  });

  it("have no import that climbs a floor, goes next door or leaves them", () => {
    assert.deepEqual(climbing(imports, FLOORS, ROOT), []);
  });

  it("have no import of which no one can tell where it leads", () => {
    assert.deepEqual(untraceable([...imports, ...pageImports]), []);
  });

  it("keep apart from the dashboard, but for the pure decisions of core", () => {
    const isForPages = leadsTo(["dashboard/src/", "src/domain/", "examples/", "integrations/n8n-workflow/"]);
    const isNode = ({ to }: Import) => to.kind === "module" && isBuiltin(to.name);
    const crossing = pageImports.filter((one) => (one.to.kind === "file" && !isForPages(one)) || isNode(one));
    assert.deepEqual(crossing.map(described), []);
  });

  it("have no circle of files", () => {
    assert.deepEqual(circles([...imports, ...pageImports]), []);
  });

  for (const { what, text, modules, onlyIn, neverIn } of RULES) {
    it(`keep the rule: ${what}`, () => {
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

  it("have every file and folder that a rule names", () => {
    const named = RULES.flatMap(({ onlyIn = [], neverIn = [] }) => [...onlyIn, ...neverIn]);
    assert.deepEqual(
      [...named, ...Object.keys(FLOORS).map((room) => `src/${room}`)].filter(
        (path) => !existsSync(join(PROJECT_DIR, path)),
      ),
      [],
    );
  });

  it("have no function that is too long", () => {
    assert.deepEqual(longFunctions(PROJECT_DIR, sources, FUNCTION_LINES_MAX), []);
  });

  it("hand on no type of parts with too many members", () => {
    assert.deepEqual(wideTypes(PROJECT_DIR, sources, MEMBERS_MAX), []);
  });

  it("have no file of everything and none that is too long", () => {
    const vague = sources.filter((path) =>
      /(^|\/)(utils?|helpers?|common|lib|service|manager)(\.ts$|\/)/.test(path),
    );
    assert.deepEqual(vague, []);
    const long = sources.filter((path) => textOf(path).split("\n").length > SOURCE_LINES_MAX);
    assert.deepEqual(long, []);
  });
});
