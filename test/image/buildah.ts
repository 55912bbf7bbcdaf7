import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** The name of the base image in the Dockerfile. */
export const BASE_IMAGE = "docker.io/library/node:24-bookworm-slim";
export const IMAGE = "localhost/opensend";

/** Debian's buildah with its own image store, without a container engine, and with only the rights of a container. */
export class Buildah {
  readonly #flags: readonly string[];

  constructor(folder: string) {
    this.#flags = ["--storage-driver", "vfs", "--root", `${folder}/store`, "--runroot", `${folder}/run`];
  }

  /** The output of a command, without the trailing line break. */
  async call(command: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await run("buildah", [...this.#flags, command, ...args], {
      maxBuffer: OUTPUT_BYTES_MAX,
    });
    return stdout.trimEnd();
  }

  /** Builds the project's image. If that fails, the output of the steps goes to this process's output. */
  async build(contextDir: string, image: string): Promise<void> {
    const args = [
      "bud",
      "--isolation",
      "chroot",
      "--pull-never",
      "--format",
      "docker",
      "--tag",
      image,
      contextDir,
    ];
    const child = spawn("buildah", [...this.#flags, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    const code = await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (code !== 0) throw new Error(`buildah bud ended with ${String(code)}:\n${output}`);
  }

  /** The settings with which an engine starts the image. */
  async settings(image: string): Promise<ImageSettings> {
    const { Docker } = JSON.parse(await this.call("inspect", "--type", "image", image)) as {
      Docker: { config: ImageSettings };
    };
    return Docker.config;
  }
}

export type ImageSettings = {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
  readonly Volumes: Readonly<Record<string, unknown>>;
  readonly ExposedPorts: Readonly<Record<string, unknown>>;
  readonly Healthcheck?: { readonly Test: readonly string[] };
};
