import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../support/until.ts";

type Sample = { readonly metric: Readonly<Record<string, string>> };
export type RuleHealth = { readonly name: string; readonly health: string; readonly lastError?: string };

/** Queries to a Prometheus server with one target, which it scrapes twice per second. */
export type Prometheus = {
  readonly query: (expression: string) => Promise<readonly Sample[]>;
  readonly rules: () => Promise<readonly RuleHealth[]>;
  readonly stop: () => Promise<void>;
};

/** Runs Debian's Prometheus with the alert rules, on a server whose metrics need the token. */
export async function startPrometheus(place: {
  readonly folder: string;
  readonly port: number;
  readonly rulesFile: string;
  readonly target: string;
  readonly token: string;
}): Promise<Prometheus> {
  mkdirSync(place.folder);
  const tokenFile = join(place.folder, "token");
  writeFileSync(tokenFile, place.token);
  const file = join(place.folder, "prometheus.yml");
  // JSON is valid YAML; the job has the name used in docs/self-hosting.md.
  writeFileSync(
    file,
    JSON.stringify({
      global: { scrape_interval: "500ms", scrape_timeout: "500ms", evaluation_interval: "500ms" },
      rule_files: [place.rulesFile],
      scrape_configs: [
        {
          job_name: "opensend",
          authorization: { credentials_file: tokenFile },
          static_configs: [{ targets: [place.target] }],
        },
      ],
    }),
  );
  const address = `127.0.0.1:${place.port}`;
  const flags = [`--config.file=${file}`, `--storage.tsdb.path=${join(place.folder, "data")}`];
  const child = spawn("prometheus", [...flags, `--web.listen-address=${address}`, "--log.level=error"], {
    stdio: "inherit",
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const read = async (path: string) => {
    const response = await fetch(`http://${address}/api/v1/${path}`);
    const body = (await response.json()) as { status: string; error?: string; data: unknown };
    if (body.status !== "success") throw new Error(`${path}: ${body.error}`);
    return body.data;
  };
  await until(
    () =>
      fetch(`http://${address}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    "Prometheus is ready",
  );
  return {
    query: async (expression) => {
      const data = (await read(`query?query=${encodeURIComponent(expression)}`)) as { result: Sample[] };
      return data.result;
    },
    rules: async () => {
      const data = (await read("rules")) as { groups: { rules: RuleHealth[] }[] };
      return data.groups.flatMap(({ rules }) => rules);
    },
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
