import { execFile, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
const UNIFIED = "/sys/fs/cgroup/unified";

/** Debian's podman with the images that buildah built, and podman-compose of PyPI, on a machine without control groups. */
export class Podman {
  readonly #env: NodeJS.ProcessEnv;
  readonly #compose: string;

  private constructor(env: NodeJS.ProcessEnv, compose: string) {
    this.#env = env;
    this.#compose = compose;
  }

  /** @param folder The folder in which a `Buildah` stores its images. */
  static async install(folder: string): Promise<Podman> {
    const [storage, containers] = [join(folder, "storage.conf"), join(folder, "containers.conf")];
    writeFileSync(
      storage,
      `[storage]\ndriver = "vfs"\ngraphroot = "${folder}/store"\nrunroot = "${folder}/run"\n`,
    );
    writeFileSync(containers, containersConf(folder));
    await run("python3", ["-m", "venv", join(folder, "venv")]);
    const quiet = ["--quiet", "--disable-pip-version-check"];
    await run(join(folder, "venv/bin/pip"), ["install", ...quiet, "podman-compose>=1.6,<2"]);
    const env = { ...process.env, CONTAINERS_CONF: containers, CONTAINERS_STORAGE_CONF: storage };
    return new Podman(env, join(folder, "venv/bin/podman-compose"));
  }

  /** Runs a command and returns its output without the final line break. */
  async call(...args: readonly string[]): Promise<string> {
    const options = { env: this.#env, maxBuffer: OUTPUT_BYTES_MAX };
    return (await run("podman", [...args], options)).stdout.trimEnd();
  }

  /** The standard output and standard error of a container. */
  async logs(container: string): Promise<string> {
    const options = { env: this.#env, maxBuffer: OUTPUT_BYTES_MAX };
    const { stdout, stderr } = await run("podman", ["logs", container], options);
    return stdout + stderr;
  }

  async compose(file: string, env: Readonly<Record<string, string>>, ...args: string[]): Promise<void> {
    const options = { env: { ...this.#env, ...env }, maxBuffer: OUTPUT_BYTES_MAX };
    await run(this.#compose, ["--file", file, ...args], options);
  }
}

/**
 * Runs this program again in its own mount namespace, so that podman's mounts do not stay on the machine, and without cgroups v2
 * beside v1, which crun rejects. Returns whether this is the run inside the namespace.
 */
export function isInside(program: string): boolean {
  if (process.env["OPENSEND_TEST_INSIDE"] === "true") return true;
  const script = `mount --make-rprivate /; ! mountpoint -q ${UNIFIED} || umount ${UNIFIED}; exec "$@"`;
  const args = ["--mount", "--", "sh", "-c", script, "sh", process.execPath, ...process.execArgv, program];
  const env = { ...process.env, OPENSEND_TEST_INSIDE: "true" };
  process.exitCode = spawnSync("unshare", args, { stdio: "inherit", env }).status ?? 1;
  return false;
}

function containersConf(folder: string): string {
  return `[containers]
cgroups = "disabled"
log_driver = "k8s-file"
default_ulimits = ["nofile=${limit("Max open files")}", "nproc=${limit("Max processes")}"]
[engine]
runtime = "crun"
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "${folder}/libpod"
[network]
network_backend = "netavark"
network_config_dir = "${folder}/networks"
`;
}

/** The current limits: podman would raise them to its defaults, which needs a privilege that containers do not have. */
function limit(name: string): string {
  const line = readFileSync("/proc/self/limits", "utf8")
    .split("\n")
    .find((one) => one.startsWith(name));
  const most = Number(/\s(\d+)\s+\S+\s*$/.exec(line ?? "")?.[1] ?? LIMIT_MAX);
  const value = Math.min(Math.floor(most / 4), LIMIT_MAX);
  return `${value}:${value}`;
}

const LIMIT_MAX = 16_384;
