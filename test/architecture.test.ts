import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, it } from "node:test";

/**
 * The floors of the house (ARCHITECTURE.md): a file imports only from floors below its own, and within its floor only
 * from its own folder.
 */
const FLOORS: Record<string, number> = {
  core: 0,
  config: 1,
  store: 1,
  crypto: 1,
  egress: 1,
  idempotency: 2,
  connectors: 2,
  integrations: 3,
  delivery: 3,
  inspector: 3,
  auth: 3,
  audit: 3,
  metrics: 3,
  api: 4,
  cli: 5,
  composition: 4,
  "compose.ts": 5,
};

const PROJECT_DIR = join(import.meta.dirname, "..");
const SOURCE_LINES_MAX = 300;

type Import = { readonly from: string; readonly to: string };

function roomOf(path: string): string {
  return relative("src", path).split("/")[0] ?? "";
}

function isTest(path: string): boolean {
  return /\.(test|corpus|fixture)\.ts$/.test(path);
}

function importsOf(path: string): Import[] {
  const text = readFileSync(join(PROJECT_DIR, path), "utf8");
  const specifiers = [
    ...text.matchAll(/^(?:import|export)\b[^"';]*?from "([^"]+)";|^import "([^"]+)";|import\("([^"]+)"\)/gms),
  ];
  return specifiers.map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? "";
    return { from: path, to: specifier.startsWith(".") ? join(dirname(path), specifier) : specifier };
  });
}

const sources = globSync("src/**/*.ts", { cwd: PROJECT_DIR }).filter((path) => !isTest(path));
const imports = sources.flatMap(importsOf);
const between = imports.filter(({ to }) => to.startsWith("src/"));

describe("the house", () => {
  it("is really looked at", () => {
    assert.ok(sources.length > 100);
    assert.ok(between.length > 300);
  });

  it("has no room without a floor", () => {
    assert.deepEqual(
      [...new Set(sources.map(roomOf))].filter((room) => FLOORS[room] === undefined),
      [],
    );
  });

  it("has no import that climbs a floor or goes next door", () => {
    const wrong = between.filter(({ from, to }) => {
      const [own, other] = [roomOf(from), roomOf(to)];
      if (own === other) return false;
      const [ownFloor, otherFloor] = [FLOORS[own] ?? 0, FLOORS[other] ?? 0];
      const isWithinTop = ownFloor === 5 && otherFloor === 5 && other === "compose.ts";
      return otherFloor >= ownFloor && !isWithinTop;
    });
    assert.deepEqual(wrong, []);
  });

  it("keeps the dashboard and the server apart, but for the pure decisions of core", () => {
    const pages = globSync("dashboard/src/**/*.{ts,tsx}", { cwd: PROJECT_DIR }).filter(
      (path) => !isTest(path),
    );
    const crossing = pages.flatMap(importsOf).filter(({ to }) => /^(src\/(?!core\/)|node:)/.test(to));
    assert.deepEqual(crossing, []);
    assert.deepEqual(
      between.filter(({ to }) => to.startsWith("dashboard/")),
      [],
    );
  });

  it("has no circle of files", () => {
    const next = new Map<string, string[]>();
    for (const { from, to } of between) next.set(from, [...(next.get(from) ?? []), to]);
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
      if (done.has(path) || trail.includes(path)) return;
      for (const to of next.get(path) ?? []) walk(to, [...trail, path]);
      done.add(path);
    };
    // A type may refer back; only what exists at run time can go round in circles.
    const typeOnly = (path: string, to: string) => {
      const text = readFileSync(join(PROJECT_DIR, path), "utf8");
      const name = to.split("/").at(-1) ?? "";
      return new RegExp(`import type [^;]*${name.replaceAll(".", "\\.")}"`).test(text);
    };
    for (const [from, targets] of next)
      next.set(
        from,
        targets.filter((to) => !typeOnly(from, to)),
      );
    for (const path of next.keys()) walk(path, []);
    assert.deepEqual(circles, []);
  });

  const rules: readonly { what: string; pattern: RegExp; allowed: (path: string) => boolean }[] = [
    {
      what: "the environment is read in config/",
      pattern: /process\.env/,
      allowed: (path) => path.startsWith("src/config/"),
    },
    {
      what: "the network is reached through egress/; the command line may call its own server",
      pattern: /\bfetch\(|from "(?:undici|node:https|node:tls|node:dns|node:dns\/promises)"/,
      allowed: (path) => path.startsWith("src/egress/") || path === "src/cli/local-client.ts",
    },
    {
      what: "timers run in the worker, where commits and starts wait, where the database has a deadline, in retention, in egress/, where processes and streams learn of changes, and where requests are held back",
      pattern: /\bset(?:Timeout|Interval)\(/,
      allowed: (path) =>
        path.startsWith("src/egress/") ||
        path.startsWith("src/delivery/changes/") ||
        [
          "src/delivery/worker.ts",
          "src/delivery/alarms.ts",
          "src/delivery/record.ts",
          "src/store/commit-pacer.ts",
          "src/delivery/worker-registry.ts",
          "src/composition/readiness.ts",
          "src/store/sqlite/presence.ts",
          "src/delivery/retention/retention.ts",
          "src/store/postgres/listen-connection.ts",
          "src/store/postgres/hears-notify.ts",
          "src/api/streams.ts",
          "src/api/refusal-delay.ts",
          "src/api/long-bodies.ts",
          "src/api/read-body.ts",
        ].includes(path),
    },
    {
      what: "core reads no clock and no chance",
      pattern: /Date\.now\(\)|Math\.random\(\)/,
      allowed: (path) => !path.startsWith("src/core/"),
    },
    {
      what: "core and connectors do no input or output",
      pattern: /from "node:(?:fs|net|http|child_process|sqlite)|from "(?:kysely|pg|fastify|pino)"/,
      allowed: (path) => !/^src\/(core|connectors)\//.test(path),
    },
    { what: "HTTP stays in api/", pattern: /from "fastify/, allowed: (path) => path.startsWith("src/api/") },
    {
      what: "only the command line prints",
      pattern: /console\.(?:log|error|warn|info)\(/,
      allowed: (path) => path.startsWith("src/cli/"),
    },
    { what: "there are no default exports", pattern: /^export default/m, allowed: () => false },
  ];
  for (const { what, pattern, allowed } of rules) {
    it(`keeps the rule: ${what}`, () => {
      const offenders = sources.filter(
        (path) => !allowed(path) && pattern.test(readFileSync(join(PROJECT_DIR, path), "utf8")),
      );
      assert.deepEqual(offenders, []);
    });
  }

  it("has no file of everything and none that is too long", () => {
    const vague = sources.filter((path) =>
      /(^|\/)(utils?|helpers?|common|lib|service|manager)(\.ts$|\/)/.test(path),
    );
    assert.deepEqual(vague, []);
    const long = sources.filter(
      (path) => readFileSync(join(PROJECT_DIR, path), "utf8").split("\n").length > SOURCE_LINES_MAX,
    );
    assert.deepEqual(long, []);
  });
});
